"""The app as a server: its pages and files, on this machine alone unless told otherwise."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from nicegui import app, background_tasks, run, ui

from foedus.app.class_entry import Entry
from foedus.app.class_page import ClassPage
from foedus.app.downloads import download
from foedus.app.frame import lost_page
from foedus.app.room import Room
from foedus.app.shelf import shelf, take_in
from foedus.app.table import Table
from foedus.errors import FoedusError, UsageError
from foedus.roleplay.classroom import ClassRooms

LOCAL = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::")
"""Addresses that stand for all of a machine's networks."""
PATIENCE = 60.0
"""Seconds that the first page may take, while the cases are read."""


def add_pages(rooms: ClassRooms, host: str) -> None:
    """Register pages and files.

    Parameters
    ----------
    rooms
        The class rooms of this server, on or off.
    host
        Address that is listened on.
    """

    async def room(request: Request) -> None:
        await run.io_bound(_warm)
        Room(dict(request.query_params))

    async def table(request: Request) -> None:
        await run.io_bound(_warm)
        Table(dict(request.query_params))

    async def door(request: Request) -> None:
        await run.io_bound(_warm)
        Entry(rooms, dict(request.query_params), _address(request))

    async def inside(request: Request, code: str) -> None:
        await run.io_bound(_warm)
        try:
            found = rooms.find(code, _address(request), time.monotonic())
        except FoedusError as error:
            Entry(rooms, {}, _address(request)).refuse(str(error))
            return
        key = request.query_params.get("key", "")[:80]
        ClassPage(rooms, found, key, _address(request), _door_address(request, host))

    pages: dict[str, Callable[..., Any]] = {
        "/": room,
        "/play": table,
        "/class": door,
        "/class/{code}": inside,
    }
    for path, page in pages.items():
        ui.page(path, response_timeout=PATIENCE)(page)
    app.add_api_route("/download/{name}", download, methods=["GET"])
    app.add_exception_handler(404, _lost)


async def _lost(_request: Request, _error: Exception) -> HTMLResponse:
    return HTMLResponse(lost_page(), status_code=404)


def _address(request: Request) -> str:
    return request.client.host if request.client else "?"


def _warm() -> None:
    """Read the cases and load the agents once, so that no visitor waits for it later."""
    from foedus.model import mesa_model  # noqa: F401

    shelf()


def _door_address(request: Request, host: str) -> str:
    """Where others find the door; a page opened on this machine itself cannot tell by its own."""
    url = request.url
    shown = url.hostname or LOCAL
    if shown in ("localhost", LOCAL, "::1", *EVERYWHERE):
        shown = reached_at(host)
    return f"{url.scheme}://{_bracketed(shown)}:{url.port or 80}/class"


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


def serve(host: str | None, port: int, *, show: bool, crises: Iterable[str] = ()) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    crises
        Ids, files and folders beside the shipped crises; the first is the one opened.
    host
        Address to listen on; None is this machine alone, and no class rooms.
    show
        Whether to open a browser.

    Raises
    ------
    FoedusError
        If the address cannot be listened on, or a file cannot be used.
    """
    named = take_in(crises)
    opened = f"/?case={named[0].id}" if named else "/"
    _check_free(host or LOCAL, port)
    add_pages(ClassRooms(are_open=host is not None), host or LOCAL)
    app.on_startup(lambda: background_tasks.create(run.io_bound(_warm), name="foedus warm"))
    address = host or LOCAL
    found = _bracketed(reached_at(address))
    print(f"foedus: http://{found}:{port}{opened} (stop with Ctrl-C)", file=sys.stderr)
    ui.run(
        host=address,
        port=port,
        title="foedus",
        show=opened if show else False,
        reload=False,
        tailwind=False,
        show_welcome_message=False,
        favicon=FAVICON,
        language="en-US",
    )


def _check_free(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        socket.create_server((address, port), family=family).close()
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError(
            f"cannot listen on {address}, port {port}: {why}; choose another with --port or --host"
        ) from None


FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="6" fill="#123a63"/>'
    '<circle cx="16" cy="16" r="4" fill="#fff"/><circle cx="7" cy="9" r="2.4" fill="#94bfdb"/>'
    '<circle cx="25" cy="9" r="2.4" fill="#94bfdb"/>'
    '<circle cx="16" cy="26" r="2.4" fill="#94bfdb"/>'
    '<path d="M16 16L7 9M16 16L25 9M16 16V26" stroke="#94bfdb" stroke-width="1.4"/></svg>'
)
"""The page's icon: members around a patron."""
