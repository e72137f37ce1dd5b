"""What is seen in a class room: the host's side, the free seats, a seat, and the list of all."""

from __future__ import annotations

from foedus.app.log import story_log
from foedus.app.markup import Markup, joined, tag
from foedus.app.seats import facts_of, in_order, morning_lines, role_of, seat_card
from foedus.roleplay.classroom import ClassRoom
from foedus.roleplay.day import Morning
from foedus.roleplay.game import story_of


def host_view(room: ClassRoom, now: Morning, where: str) -> Markup:
    """The host's side: the code for the board, the day, and who has decided.

    Parameters
    ----------
    where
        Address at which others find the door.
    """
    case = room.game.setup.case
    return joined(
        [
            tag("p", "Open ", tag("b", where), " and join with", class_="where"),
            tag("p", room.code, class_="bigcode", aria_label=f"Code {' '.join(room.code)}"),
            morning_lines(case, now, story_of(room.game)),
            tag("p", *_who_decided(room), role="status"),
            tag(
                "p",
                tag("button", "Live the day", type="button", class_="main", data_do="live"),
                tag("button", "Let the lines stand to the end", type="button", data_do="end"),
                class_="deeds",
            ),
            facts_of(case),
        ]
    )


def _who_decided(room: ClassRoom) -> tuple[str, ...]:
    if not room.n_present:
        return ("Nobody sits here yet: the model plays every seat.",)
    so_far = tag("b", f"{room.n_decided} of {room.n_present}")
    return (so_far, " who are here have decided. The model plays every other seat.")


def free_seats(room: ClassRoom, now: Morning) -> Markup:
    """The seats that a newcomer can take."""
    case = room.game.setup.case
    free = [state for state in in_order(case) if state not in room.seats]
    if not free:
        return joined([tag("h2", "All seats are taken"), tag("p", "You can watch the story.")])
    return joined(
        [
            tag("h2", "Take a seat"),
            tag("p", f"Day {now.day}. Nobody asks for your name."),
            tag(
                "ul",
                *(
                    tag(
                        "li",
                        tag(
                            "button",
                            f"Sit for {case.name_of(state)}",
                            type="button",
                            data_do="take",
                            data_with=state,
                        ),
                        role_of(case, state),
                        tag("p", case.scenario.members[state].why, class_="small"),
                    )
                    for state in free
                ),
                class_="seats",
            ),
            facts_of(case),
        ]
    )


def seat_view(room: ClassRoom, now: Morning, state: str) -> Markup:
    """The day as the holder of a seat sees it."""
    case, seat = room.game.setup.case, room.seats[state]
    view = next(view for view in now.seats if view.state == state)
    if seat.has_decided:
        note = "Your line is set. You can change it until the day is lived."
    elif seat.line is not None:
        note = "Your line of yesterday stands unless you choose another."
    else:
        note = "Choose your line; until then the model speaks for you."
    return joined(
        [
            morning_lines(case, now, story_of(room.game)),
            tag("p", note, class_="note", role="status"),
            seat_card(case, now, view, seat.line),
        ]
    )


def side_view(room: ClassRoom, hosts: bool, own: str | None) -> Markup:
    """All seats with who plays them, and the story so far.

    Parameters
    ----------
    hosts
        Whether the page is the host's.
    own
        The state whose seat the page holds.
    """
    case = room.game.setup.case
    rows = [_seat_state(room, state, hosts, own) for state in in_order(case)]
    return joined(
        [
            tag("h2", "The seats"),
            tag("ul", *rows, class_="seatlist"),
            tag("h2", "The story so far"),
            story_log(case, story_of(room.game)),
            tag("p", tag("button", "Save the session", type="button", data_do="save"),
                class_="deeds") if hosts else None,
            tag("p", tag("button", "Give up the seat", type="button", class_="quiet",
                         data_do="giveup"), class_="deeds") if own else None,
        ]
    )  # fmt: skip


def _seat_state(room: ClassRoom, state: str, hosts: bool, own: str | None) -> Markup:
    seat = room.seats.get(state)
    if seat is None:
        word, look = "the model", "free"
    elif not seat.is_present:
        word, look = "away, the model plays", "away"
    else:
        word, look = ("has decided", "decided") if seat.has_decided else ("is thinking", "here")
    name = room.game.setup.case.name_of(state) + (" (you)" if state == own else "")
    freeing = None
    if hosts and seat is not None:
        freeing = tag("button", "Free", type="button", class_="quiet", data_do="free",
                      data_with=state, aria_label=f"Free the seat of {name}")  # fmt: skip
    return tag("li", tag("span", name), tag("span", word, class_=f"small {look}"), freeing)
