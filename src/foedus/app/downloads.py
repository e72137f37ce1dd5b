"""Figures and numbers of a place as files, each at an address of its own."""

from __future__ import annotations

import json

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response

from foedus.analysis.frames import story_record
from foedus.analysis.summary import as_record
from foedus.app.figures import PICTURES, figure_file
from foedus.app.markup import Markup, tag
from foedus.app.place import Place, place_of, query_of, setup_of
from foedus.errors import FoedusError
from foedus.model.ensemble import DEFAULT_RUNS, ensemble, story

MEDIA = {"svg": "image/svg+xml", "png": "image/png", "json": "application/json"}
TITLES = {
    "answers": "The answers",
    "run": "This run",
    "network": "Who listens to whom",
    "why": "Why",
}


def download(name: str, request: Request) -> Response:
    """Answer ``/download/answers.svg?case=...``; what cannot be used is said in one line."""
    stem, _, ending = name.partition(".")
    try:
        place = place_of(dict(request.query_params))
        body = _numbers(place) if name == "numbers.json" else figure_file(stem, ending, place)
    except FoedusError as error:
        return PlainTextResponse(f"{error}\n", status_code=400)
    headers = {
        "Content-Disposition": f'attachment; filename="{place.case}-{stem}.{ending}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(body, media_type=MEDIA[ending], headers=headers)


def _numbers(place: Place) -> bytes:
    setup = setup_of(place)
    record = {
        "ensemble": as_record(ensemble(setup, DEFAULT_RUNS, place.seed)),
        "run": story_record(story(setup, place.run, place.seed)),
    }
    return json.dumps(record, indent=2, ensure_ascii=False).encode()


def downloads_panel(place: Place) -> Markup:
    """Links to every file of a place."""
    query = query_of(place)

    def link(name: str, word: str, label: str) -> Markup:
        return tag("a", word, href=f"download/{name}?{query}", download=True, aria_label=label)

    rows = [
        tag(
            "li",
            f"{TITLES[name]}: ",
            link(f"{name}.svg", "SVG", f"{TITLES[name]} as SVG"),
            " ",
            link(f"{name}.png", "PNG", f"{TITLES[name]} as PNG"),
        )
        for name in PICTURES
    ]
    rows.append(tag("li", "All numbers: ", link("numbers.json", "JSON", "All numbers as JSON")))
    return tag("ul", *rows, class_="downloads")
