"""The app as a server: one page, its rooms, reports, and runs that need Python.

It listens on this machine alone unless told otherwise.
"""

from __future__ import annotations

import gzip
import json
import socket
import sys
import webbrowser
from collections.abc import Iterable
from functools import lru_cache

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute

from foedus.app.connections import Connections
from foedus.app.crises import (
    all_crises,
    all_decades,
    decades_of,
    setup_in_address,
    simulated,
    take_in,
)
from foedus.errors import FoedusError, UsageError
from foedus.roleplay.rooms import ClassRooms
from foedus.web.page import page
from foedus.web.timeline_data import timeline_data

LOCAL = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::")
"""Addresses that stand for all of a machine's networks."""

POLICY = "frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
"""The page's own Content-Security-Policy is stricter still."""
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "content-security-policy": POLICY,
    "cache-control": "no-store",
}
"""Sent with every answer."""
PRESSED = {"content-encoding": "gzip"}


async def with_headers(request: Request, answer: RequestResponseEndpoint) -> Response:
    """Add :data:`HEADERS` to an answer."""
    response = await answer(request)
    response.headers.update(HEADERS)
    return response


def application(rooms: ClassRooms, where: str = "") -> Starlette:
    """The app.

    Args:
        rooms: The class rooms of this server, on or off.
        where: Address under which others find this server, shown to the host of a class.
    """
    served = {"class": rooms.are_open, "where": where}
    named = [{"id": alliance, "name": name} for alliance, (name, _) in all_decades().items()]
    text = page(all_crises().values(), chronicles=named, served=served)
    pressed = gzip.compress(text.encode())

    async def first(_request: Request) -> Response:
        return HTMLResponse(pressed, headers=PRESSED)

    return Starlette(
        routes=[
            Route("/", first),
            Route("/class", joined),
            Route("/class/{code}", joined),
            Route("/report/{crisis}", reported),
            Route("/runs/{crisis}", simulates),
            Route("/decades/{alliance}.json", decades),
            WebSocketRoute("/room", Connections(rooms).serve),
        ],
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=with_headers)],
        exception_handlers={404: lost, FoedusError: refused},
    )


def joined(request: Request) -> Response:
    """The page at the class room of a code."""
    return RedirectResponse(f"/#/class/{request.path_params.get('code', '')[:12]}")


def reported(request: Request) -> Response:
    """The report on a crisis as the address sets it."""
    asked = tuple(request.query_params.items())
    return HTMLResponse(_report(request.path_params["crisis"], asked))


def simulates(request: Request) -> Response:
    """Runs that the page cannot work out."""
    asked = dict(request.query_params)
    return JSONResponse(simulated(request.path_params["crisis"], asked))


def decades(request: Request) -> Response:
    """The data of a chronicle."""
    found = _decades(decades_of(request.path_params["alliance"]))
    return Response(found, media_type="application/json", headers=PRESSED)


def lost(_request: Request, _error: Exception) -> Response:
    """What stands where no page is."""
    return _line("There is no such page. The crisis room is at /", 404)


def refused(request: Request, error: Exception) -> Response:
    """One line on what cannot be used."""
    return _line(str(error), 400 if request.url.path.startswith("/runs/") else 404)


def _line(text: str, status: int) -> Response:
    return Response(f"{text}\n", status, media_type="text/plain")


@lru_cache(maxsize=12)
def _decades(alliance: str) -> bytes:
    data = json.dumps(timeline_data(alliance), ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(data.encode())


@lru_cache(maxsize=8)
def _report(crisis: str, asked: tuple[tuple[str, str], ...]) -> str:
    from foedus.model.ensemble import DEFAULT_RUNS, DEFAULT_SEED
    from foedus.report.crisis_report import gather, report_on

    return report_on(gather(setup_in_address(crisis, dict(asked)), DEFAULT_RUNS, DEFAULT_SEED))


def serve(host: str | None, port: int, *, show: bool, crises: Iterable[str] = ()) -> None:
    """Serve until interrupted.

    Args:
        crises: Ids, files and folders beside what is shipped; the first is the one opened.
        host: Address to listen on; None is this machine alone, and no class rooms.
        show: Whether to open a browser.

    Raises:
        FoedusError: If the address cannot be listened on, or a file cannot be used.
    """
    named = take_in(crises)
    address = host or LOCAL
    _check_free(address, port)
    where = f"http://{reached_at(address)}:{port}"
    opened = f"{where}/{named[0] if named else ''}"
    app = application(ClassRooms(are_open=host is not None), where)
    print(f"foedus: {opened} (stop with Ctrl-C)", file=sys.stderr)
    if show:
        webbrowser.open(opened)
    uvicorn.run(app, host=address, port=port, log_level="warning", ws_max_size=1_000_000)


def reached_at(host: str) -> str:
    """Where a server that listens on an address is found by others; nothing is sent to find it."""
    if host not in EVERYWHERE:
        return f"[{host}]" if ":" in host else host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # reserved for documentation: a route, no packet
        except OSError:
            return LOCAL
        return str(probe.getsockname()[0])


def _check_free(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        socket.create_server((address, port), family=family).close()
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError(
            f"cannot listen on {address}, port {port}: {why}; choose another with --port or --host"
        ) from None
