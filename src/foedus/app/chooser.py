"""The list of crises, by alliance."""

from __future__ import annotations

from foedus.app.markup import Markup, joined, tag
from foedus.app.shelf import shelf


def chooser(chosen: str) -> Markup:
    """A list of all crises on the shelf.

    Parameters
    ----------
    chosen
        Id of the one shown.
    """
    groups: dict[str, list[Markup]] = {}
    for case in shelf():
        option = tag("option", case.scenario.title, value=case.id, selected=case.id == chosen)
        groups.setdefault(case.alliance.name, []).append(option)
    return joined(
        [
            tag("label", "Crisis", for_="choose-case"),
            tag(
                "select",
                *(tag("optgroup", *rows, label=name) for name, rows in groups.items()),
                id="choose-case",
                data_name="case",
            ),
        ]
    )
