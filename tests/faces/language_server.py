"""A client of the real yaml-language-server over standard input and output, for tests."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

PACKAGE = "yaml-language-server"
VERSION = "1.25.0"
START = Path("node_modules") / PACKAGE / "bin" / PACKAGE
PATIENCE_S = 20.0

SETTINGS = {
    "yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}},
    "http": {},
    "[yaml]": {},
}
"""As the editor extension sends them, but with no list of schemas from the network."""


class Unavailable(Exception):
    """The language server cannot be had on this machine, with the reason."""


def installed() -> Path:
    """The server's start file, installed once into the user's cache folder.

    Raises:
        Unavailable: If node or npm is missing, or the package cannot be installed.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Unavailable("node and npm are not installed")
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = caches / "foedus-tests" / f"{PACKAGE}-{VERSION}"
    if not (folder / START).is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as fresh:
            _install(Path(fresh) / "it")
            with contextlib.suppress(OSError):  # another run was quicker
                (Path(fresh) / "it").rename(folder)
    return folder / START


def _install(folder: Path) -> None:
    folder.mkdir()
    words = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0"]
    try:
        done = subprocess.run(
            [*words, "--prefix", ".", f"{PACKAGE}@{VERSION}"],
            cwd=folder,
            capture_output=True,
            timeout=120,
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"npm did not install {PACKAGE} within two minutes") from None
    if done.returncode or not (folder / START).is_file():
        raise Unavailable(f"npm could not install {PACKAGE}@{VERSION}")


class LanguageServer:
    """One running server, in the part of an editor that has opened a folder."""

    def __init__(self, start: Path, folder: Path) -> None:
        self._process = subprocess.Popen(
            ["node", str(start), "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._numbers = itertools.count(1)
        self._answers: dict[int, queue.Queue[Any]] = {}
        self._diagnostics: dict[str, queue.Queue[Any]] = {}
        threading.Thread(target=self._listen, daemon=True).start()
        self.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": folder.as_uri(),
                "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name}],
                "capabilities": {
                    "workspace": {"configuration": True},
                    "textDocument": {
                        "completion": {"completionItem": {"snippetSupport": True}},
                        "hover": {"contentFormat": ["markdown", "plaintext"]},
                    },
                },
            },
        )
        self._send({"method": "initialized", "params": {}})
        self._send({"method": "workspace/didChangeConfiguration", "params": {"settings": SETTINGS}})

    def close(self) -> None:
        """Stop the server."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            pipe.close()

    def problems(self, path: Path) -> list[dict[str, Any]]:
        """Open a file and return what the editor would underline."""
        uri = path.as_uri()
        found = self._diagnostics[uri] = queue.Queue()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": path.read_text("utf-8")}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        return found.get(timeout=PATIENCE_S)

    def hover(self, path: Path, line: int, column: int) -> str:
        """What the editor shows over a place (from 0)."""
        answer = self._at("textDocument/hover", path, line, column)
        return answer["contents"]["value"] if answer else ""

    def completions(self, path: Path, line: int, column: int) -> dict[str, str]:
        """What the editor offers at a place (from 0): the text by its label."""
        answer = self._at("textDocument/completion", path, line, column)
        return {item["label"]: item.get("insertText", "") for item in answer["items"]}

    def ask(self, method: str, params: Any) -> Any:
        """Send a request and wait for its answer."""
        number = next(self._numbers)
        self._answers[number] = queue.Queue()
        self._send({"id": number, "method": method, "params": params})
        return self._answers[number].get(timeout=PATIENCE_S)

    def _at(self, method: str, path: Path, line: int, column: int) -> Any:
        place = {"line": line, "character": column}
        return self.ask(method, {"textDocument": {"uri": path.as_uri()}, "position": place})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _listen(self) -> None:
        stream = self._process.stdout
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self._hear(json.loads(stream.read(length)))

    def _hear(self, message: dict[str, Any]) -> None:
        method = message.get("method")
        if method is None:
            self._answers[message["id"]].put(message.get("result"))
        elif method == "textDocument/publishDiagnostics":
            told = self._diagnostics.get(message["params"]["uri"])
            if told is not None:
                told.put(message["params"]["diagnostics"])
        elif "id" in message:
            result = None
            if method == "workspace/configuration":
                result = [SETTINGS.get(item["section"]) for item in message["params"]["items"]]
            self._send({"id": message["id"], "result": result})
