"""The parts of the role play's page: the seats to take, the buttons of a day, the side."""

from __future__ import annotations

from foedus.app.log import story_log
from foedus.app.markup import Markup, joined, tag
from foedus.app.place import Place
from foedus.app.seats import seat_choice
from foedus.app.shelf import case_of
from foedus.roleplay.game import Game, story_of


def seating(place: Place, seats: tuple[str, ...], left: str) -> Markup:
    """The seats to take, before the game begins.

    Parameters
    ----------
    left
        A game that was left in this tab; empty where there is none.
    """
    case = case_of(place.case)
    n = len(seats)
    return joined(
        [
            tag("h2", "Take a seat in the council"),
            tag(
                "p",
                "You see what a government knew then, and decide its line day by day. The model "
                "plays the seats that nobody takes.",
            ),
            seat_choice(case, seats),
            tag(
                "p",
                tag(
                    "button",
                    "Begin" if n < 2 else f"Begin with {n} seats",
                    type="button",
                    class_="main",
                    data_do="begin",
                    disabled=not seats,
                ),
                tag("button", "Go on with the game you left", type="button", data_do="resume")
                if left
                else None,
                class_="deeds",
            ),
            tag(
                "p",
                tag("label", "Or open a saved session: ", for_="session-file"),
                tag(
                    "input",
                    type="file",
                    id="session-file",
                    accept=".json,application/json",
                    data_file="session",
                ),
                class_="small",
            ),
        ]
    )


def deciding() -> Markup:
    """The buttons of a day."""
    return tag(
        "p",
        tag("button", "Live the day", type="button", class_="main", data_do="decide"),
        tag("button", "Let the lines stand to the end", type="button", data_do="hold"),
        class_="deeds",
    )


def waiting() -> Markup:
    """While the debrief is computed."""
    return joined(
        [
            tag("h2", "Looking back"),
            tag(
                "p", "The days are lived again without you, and under other chance.", role="status"
            ),
        ]
    )


def after() -> Markup:
    """The buttons after the debrief."""
    return tag(
        "p",
        tag("button", "Play it again under other chance", type="button", class_="main",
            data_do="again"),
        tag("button", "Other seats", type="button", data_do="seats"),
        class_="deeds",
    )  # fmt: skip


def side(game: Game) -> Markup:
    """The story so far, and what can be done with the game."""
    return joined(
        [
            tag("h2", "The story so far"),
            story_log(game.setup.case, story_of(game)),
            tag(
                "p",
                tag("button", "Save the session", type="button", data_do="save"),
                tag("button", "Leave the table", type="button", class_="quiet", data_do="seats"),
                class_="deeds",
            ),
        ]
    )
