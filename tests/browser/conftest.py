"""One server and one Chromium for all browser tests; skipped where either is missing."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from hands import TWO_VETOES

from foedus.data.library import find, shipped

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PATIENCE = 60_000
"""Milliseconds that anything on a page may take on a slow and busy machine."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """The app as a process, as a user starts it; class rooms are on because of --host."""
    pytest.importorskip("starlette", reason="the app needs the extra `app`")
    port = free_port()
    own = own_crisis(tmp_path_factory.mktemp("own"))
    decades = own_chronicle(tmp_path_factory.mktemp("decades"))
    words = ["--extension", str(TWO_VETOES), "app", str(own), str(decades)]
    words += ["--host", "127.0.0.1", "--port", str(port), "--no-browser"]
    said = tmp_path_factory.mktemp("app") / "stderr.txt"
    with said.open("w") as stderr:
        server = subprocess.Popen([sys.executable, "-m", "foedus", *words], stderr=stderr)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(url, server, said)
        yield url
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()


def own_crisis(folder: Path) -> Path:
    """A folder with two crises that are not shipped: `my-crisis`, and one with a hostile title."""
    for name in ("alliance.yaml", "indicators.csv"):
        shutil.copy(shipped() / "csto" / name, folder)
    text = find("kazakhstan-2022").read_text(encoding="utf-8")
    text = text.replace("id: kazakhstan-2022", "id: my-crisis", 1)
    text = text.replace("title: Kazakhstan, January 2022", "title: My own crisis", 1)
    (folder / "my-crisis.yaml").write_text(text, encoding="utf-8")
    hostile = text.replace("id: my-crisis", "id: hostile", 1)
    hostile = hostile.replace("title: My own crisis", "title: <img src=x onerror=alert(1)>", 1)
    (folder / "hostile.yaml").write_text(hostile, encoding="utf-8")
    return folder


def own_chronicle(folder: Path) -> Path:
    """A folder with a chronicle that is not shipped, and no crisis."""
    text = (shipped() / "seato" / "chronicle.yaml").read_text(encoding="utf-8")
    text = text.replace(
        "alliance: seato", "alliance: my-pact\nname: My own pact\nlead_state: USA", 1
    )
    (folder / "chronicle.yaml").write_text(text, encoding="utf-8")
    return folder


def wait_for(url: str, server: subprocess.Popen, said: Path) -> None:
    for _ in range(240):
        if server.poll() is not None:
            pytest.fail(f"the app ended: {said.read_text()[-2000:]}")
        try:
            urlopen(url, timeout=60).close()
            return
        except (URLError, ConnectionError):
            time.sleep(0.25)
    pytest.fail("the app did not start")


@pytest.fixture(scope="session")
def chromium():
    """A browser that goes nowhere by itself."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="browser tests need the extra `browser` (playwright)"
    )
    playwright.expect.set_options(timeout=PATIENCE)
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("browser tests need Chromium (Debian: apt-get install chromium)")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium, address):
    """Open pages whose every request and error is kept; both are judged when the test ends.

    Nothing moves by itself (`prefers-reduced-motion`), so that a width that is read is final.
    """
    contexts, requests, errors = [], [], []

    def open_page(path: str = "/", *, width: int = 1280, height: int = 900, **options):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        contexts.append(context)
        context.on("request", lambda request: requests.append(request.url))
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("websocket", lambda socket: requests.append(socket.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto(address + path)
        page.wait_for_selector("h1")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert requests
    away = [url for url in requests if not stays(url)]
    assert away == []
    assert errors == []


@pytest.fixture
def from_disk(chromium):
    """Open files with the network cut; every request and error is judged when the test ends."""
    contexts, seen, errors = [], [], []

    def open_file(path: Path, address: str = "", *, width: int = 1280, **options):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
            offline=True,
            **options,
        )
        contexts.append(context)
        tab = context.new_page()
        tab.set_default_timeout(PATIENCE)
        tab.on("request", lambda request: seen.append(request.url))
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        tab.goto(f"{path.as_uri()}{address}")
        tab.wait_for_selector("h1")
        return tab

    yield open_file
    for context in contexts:
        context.close()
    assert [url for url in seen if not url.startswith(("file:", "data:", "blob:"))] == []
    assert errors == []


def stays(url: str) -> bool:
    """Whether a request stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob") or parts.hostname == "127.0.0.1"
