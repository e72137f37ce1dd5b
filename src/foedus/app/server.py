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
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from foedus.app.connections import Connections
from foedus.app.crises import all_crises, all_decades, decades_of, take_in
from foedus.app.simulation import setup_asked, simulated
from foedus.errors import FoedusError, UsageError
from foedus.roleplay.rooms import ClassRooms
from foedus.web.page import page
from foedus.web.timeline_data import timeline_data

LOCAL = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::")
"""Addresses that stand for all of a machine's networks."""

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "content-security-policy": "frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
    "cache-control": "no-store",
}
"""Sent with every answer; the page's own Content-Security-Policy is
stricter still."""


class SecurityHeaders:
    """Adds :data:`HEADERS` to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = [(k.encode(), v.encode()) for k, v in HEADERS.items()]
                message["headers"] = [*message.get("headers", []), *added]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def application(rooms: ClassRooms, where: str = "") -> Starlette:
    """The app.

    Args:
        rooms: The class rooms of this server, on or off.
        where: Address under which others find this server, shown to the host of a class.
    """
    connections = Connections(rooms)
    pressed = gzip.compress(
        page(
            all_crises(),
            chronicles=all_decades(),
            served={"class": rooms.are_open, "where": where},
        ).encode()
    )

    async def first(_request: Request) -> Response:
        headers = {"content-encoding": "gzip"}
        return Response(pressed, media_type="text/html; charset=utf-8", headers=headers)

    async def joined(request: Request) -> Response:
        return RedirectResponse(f"/#/class/{request.path_params.get('code', '')[:12]}")

    async def reported(request: Request) -> Response:
        crisis, asked = request.path_params["crisis"], tuple(request.query_params.items())
        try:
            return HTMLResponse(await run_in_threadpool(_report, crisis, asked))
        except FoedusError as error:
            return PlainTextResponse(f"{error}\n", status_code=404)

    async def simulates(request: Request) -> Response:
        crisis, asked = request.path_params["crisis"], dict(request.query_params)
        try:
            return JSONResponse(await run_in_threadpool(simulated, crisis, asked))
        except FoedusError as error:
            return PlainTextResponse(f"{error}\n", status_code=400)

    async def decades(request: Request) -> Response:
        try:
            found = await run_in_threadpool(_decades, decades_of(request.path_params["alliance"]))
        except FoedusError as error:
            return PlainTextResponse(f"{error}\n", status_code=404)
        headers = {"content-encoding": "gzip"}
        return Response(found, media_type="application/json", headers=headers)

    async def lost(_request: Request, _error: Exception) -> Response:
        return PlainTextResponse(
            "There is no such page. The crisis room is at /\n", status_code=404
        )

    return Starlette(
        routes=[
            Route("/", first),
            Route("/class", joined),
            Route("/class/{code}", joined),
            Route("/report/{crisis}", reported),
            Route("/runs/{crisis}", simulates),
            Route("/decades/{alliance}.json", decades),
            WebSocketRoute("/room", connections.serve),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={404: lost},
    )


@lru_cache(maxsize=12)
def _decades(alliance: str) -> bytes:
    data = json.dumps(timeline_data(alliance), ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(data.encode())


@lru_cache(maxsize=8)
def _report(crisis: str, asked: tuple[tuple[str, str], ...]) -> str:
    from foedus.model.ensemble import DEFAULT_RUNS, DEFAULT_SEED
    from foedus.report.crisis_report import report_on
    from foedus.report.material import gather

    return report_on(gather(setup_asked(crisis, dict(asked)), DEFAULT_RUNS, DEFAULT_SEED))


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
    where = f"http://{_bracketed(reached_at(address))}:{port}"
    opened = f"{where}/{named[0] if named else ''}"
    app = application(ClassRooms(are_open=host is not None), where)
    print(f"foedus: {opened} (stop with Ctrl-C)", file=sys.stderr)
    if show:
        webbrowser.open(opened)
    uvicorn.run(app, host=address, port=port, log_level="warning", ws_max_size=1_000_000)


def reached_at(host: str) -> str:
    """Where a server that listens on an address is found by others."""
    return _own_address() if host in EVERYWHERE else host


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _own_address() -> str:
    """Address of the machine on its network; nothing is sent to find it."""
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
