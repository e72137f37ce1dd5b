"""A lesson of an hour, played by many browsers at once: how fast, how much, and is anything lost?

::

    python tests/browser/lesson.py                              # prints the table
    python tests/browser/lesson.py --into docs/performance.md   # writes it between its markers

It starts the app as a process, and follows the plan of `docs/teaching.md` step by step, an hour in
about a minute: pupils as WebSocket clients, some more as pages of a real Chromium. Each choice is
timed from the moment it is sent until each screen shows it. At the end the saved game is held
against what was sent: every decision must stand on its own day, and late ones on none.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from websockets.asyncio.client import connect

PLAN = (
    ("0 to 5", "welcome"),
    ("5 to 12", "join and forecast"),
    ("12 to 18", "read the brief"),
    ("18 to 24", "day 0: statements"),
    ("24 to 34", "day 1: the council sits"),
    ("34 to 40", "day 2: the last chance"),
    ("40 to 46", "days 3 to 5: what it brings"),
    ("46 to 53", "debrief"),
    ("53 to 60", "memo"),
)
"""Steps of the lesson plan in the teaching guide, by minute."""
CRISIS = "armenia-2020"
SPREAD = 4.0
"""Seconds within which all pupils of a class choose for a day: a busy moment."""
MARKERS = ("<!-- lesson -->", "<!-- /lesson -->")


@dataclass
class Screen:
    """One pupil or the host: what was sent and when, what was shown and when."""

    name: str
    seat: str = ""
    room: dict = field(default_factory=dict)
    own: dict = field(default_factory=dict)
    past: dict = field(default_factory=dict)
    session: str = ""
    problems: list = field(default_factory=list)
    shown: list = field(default_factory=list)  # (seconds, day, choices on the screen)
    n_sent: int = 0
    you: dict = field(default_factory=dict)

    async def enter(self, at, **first):
        self.at = at
        self.socket = await connect(f"ws://{at}/room", max_size=None)
        await self.socket.send(json.dumps(first))
        self.reader = asyncio.create_task(self._read())
        await self.until(lambda: self.room)

    async def _read(self):
        async for text in self.socket:
            told, now = json.loads(text), time.time()
            self.you = told.get("you", self.you)
            self.session = told.get("session", self.session)
            if "problem" in told:
                self.problems.append(told["problem"])
            if "past" in told:
                self.past = told["past"]
            if "room" in told:
                self.room, self.own = told["room"], told["own"]
                chosen = sum(seat["chosen"] for seat in self.room["seats"])
                self.shown.append((now, self.room["day"], chosen))

    async def send(self, **asked):
        self.n_sent += 1
        await self.socket.send(json.dumps({"number": f"{self.name}.{self.n_sent}", **asked}))

    async def until(self, is_there, patience=60.0):
        ends = time.time() + patience
        while not is_there():
            if time.time() > ends:
                raise SystemExit(f"{self.name}: waited {patience:.0f} s; problems {self.problems}")
            await asyncio.sleep(0.02)

    async def come_back(self):
        """Lose the connection and return with the key."""
        await self.socket.close()
        await self.enter(self.at, do="enter", code=self.you["code"], key=self.you["key"])


class Lesson:
    """One class and what is measured of it."""

    def __init__(self, at, n_pupils, pages, rng):
        self.at, self.rng, self.pages = at, rng, pages
        self.host = Screen("host")
        self.pupils = [Screen(f"pupil-{n}") for n in range(n_pupils)]
        self.sent = []  # (seconds, day, pupil, line)
        self.late = 0

    async def play(self):
        steps = [self.welcome, self.join, self.read, self.day, self.day, self.day, self.brings]
        for (minutes, words), step in zip(PLAN, [*steps, self.debrief, self.memo], strict=True):
            begun = time.time()
            await step()
            print(f"minute {minutes:>8}: {words:<28} {time.time() - begun:5.1f} s", flush=True)

    async def welcome(self):
        await self.host.enter(self.at, do="open", crisis=CRISIS, request="treaty")
        self.code = self.host.you["code"]

    async def join(self):
        """All come in within some seconds, forecast, and take seats; some only look on."""
        seats = [seat["state"] for seat in self.host.room["seats"]]

        async def come(n, pupil):
            await asyncio.sleep(self.rng.uniform(0, SPREAD))
            await pupil.enter(self.at, do="enter", code=self.code)
            shares = [self.rng.random() + 0.01 for _ in range(4)]
            await pupil.send(do="forecast", shares=shares, day=0)
            if n % 5:  # four in five sit, the fifth looks on
                pupil.seat = seats[n % len(seats)]
                await pupil.send(do="sit", state=pupil.seat)
                await pupil.until(lambda: pupil.seat in pupil.own["holds"])

        await asyncio.gather(*(come(n, pupil) for n, pupil in enumerate(self.pupils)))
        for page in self.pages:
            await page.goto(f"http://{self.at}/class/{self.code}")
            await page.wait_for_selector(".seats")

    async def read(self):
        """Everybody in a seat has goals; nobody else has."""
        for pupil in self.pupils:
            goals = [goal for brief in pupil.own["briefs"] for goal in brief["goals"]]
            assert bool(goals) is bool(pupil.seat), pupil.name

    async def day(self):
        """Statements, choices within a moment, two lost connections, and the next day."""
        day = self.host.room["day"]
        seated = [pupil for pupil in self.pupils if pupil.seat]
        await self.host.send(do="timer", seconds=300)
        speakers = {pupil.seat: pupil for pupil in seated}
        for speaker in speakers.values():
            await speaker.send(do="say", to="", text=f"The statement of {speaker.seat}, day {day}.")
        for speaker in list(speakers.values())[:2]:
            other = next(seat for seat in speakers if seat != speaker.seat)
            await speaker.send(do="say", to=other, text="Will you vote yes?")
        await asyncio.gather(*(self.choose(pupil, day) for pupil in seated))
        for pupil in self.rng.sample(seated, 2):
            await pupil.come_back()
        for screen in (self.host, *self.pupils):
            await screen.until(lambda s=screen: s.room["day"] == day and not s.room["undecided"])
        await asyncio.sleep(1)
        await self.host.send(do="live", day=day)
        await self.host.until(lambda: self.host.room["day"] == day + 1)
        late = self.rng.choice(seated)
        await late.send(do="choose", state=late.seat, line="object", day=day)
        await late.until(lambda: any("too late" in said for said in late.problems))
        late.problems.clear()
        self.late += 1

    async def choose(self, pupil, day):
        await asyncio.sleep(self.rng.uniform(0, SPREAD))
        lines = [line["line"] for line in pupil.own["briefs"][0]["lines"]]
        line = self.rng.choice(lines)
        self.sent.append((time.time(), day, pupil, line))
        await pupil.send(do="choose", state=pupil.seat, line=line, day=day)

    async def brings(self):
        for _ in range(3):
            day = self.host.room["day"]
            if self.host.room["over"]:
                return
            await self.host.send(do="live", day=day, anyway=True)
            await self.host.until(lambda day=day: self.host.room["day"] > day)
        await self.host.send(do="save")
        await self.host.until(lambda: self.host.session)

    async def debrief(self):
        await self.host.send(do="end")
        for screen in (self.host, *self.pupils):
            await screen.until(lambda s=screen: s.past.get("review"))
        for page in self.pages:
            await page.wait_for_selector(".outcome", timeout=60_000)

    async def memo(self):
        """Everybody finds the own score on the board."""
        rows = {row["person"] for row in self.host.past["review"]["scores"]}
        assert all(pupil.own["id"] in rows for pupil in self.pupils)

    # ---- what is found -------------------------------------------------------------------------

    def latencies(self, screens):
        """Seconds from each choice to each screen that shows as many choices of its day."""
        found = []
        for day in sorted({day for _, day, _, _ in self.sent}):
            times = sorted(when for when, d, _, _ in self.sent if d == day)
            for shown in screens:
                for nth, when in enumerate(times, start=1):
                    seen = [t for t, d, n in shown if d == day and n >= nth and t >= when]
                    found.append(min(seen) - when if seen else float("inf"))
        return sorted(found)

    def misdated(self):
        """Days and seats whose line in the saved game is not what the majority sent for it."""
        days = json.loads(self.host.session)["days"]
        wrong = []
        for day in sorted({day for _, day, _, _ in self.sent}):
            of_seat = {}
            for pupil in self.pupils:  # in the order in which they sat down, more or less
                line = next((ln for _, d, p, ln in self.sent if d == day and p is pupil), None)
                if line is not None:
                    of_seat.setdefault(pupil.seat, []).append(line)
            for seat, lines in of_seat.items():
                counts = Counter(lines)
                best = {line for line, n in counts.items() if n == max(counts.values())}
                if days[day].get(seat) not in best:
                    wrong.append((day, seat))
        return wrong


def used(pid):
    """Processor seconds and the highest memory in MB of a process (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    status = Path(f"/proc/{pid}/status").read_text()
    high = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return (int(fields[11]) + int(fields[12])) / ticks, int(high.split()[1]) / 1024


def quantile(values, share):
    return values[min(len(values) - 1, int(share * len(values)))]


def said(seconds):
    return f"{quantile(seconds, 0.95):.2f} s" if seconds else "no Chromium here"


async def chromium_pages(play, n):
    """Pages of a real browser that note when they show how many choices."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not n or found is None:
        return []
    browser = await play.chromium.launch(executable_path=found, args=["--no-sandbox"])
    pages = []
    for _ in range(n):
        page = await browser.new_page()
        await page.add_init_script(
            """window.noted = [];
            new MutationObserver(() => {
              const [day, n] = (document.documentElement.dataset.chosen ?? "0:0").split(":");
              window.noted.push([Date.now() / 1000, Number(day), Number(n)]);
            }).observe(document, { subtree: true, attributeFilter: ["data-chosen"] });"""
        )
        pages.append(page)
    return pages


async def run(options, at, pid):
    from playwright.async_api import async_playwright

    async with async_playwright() as play:
        pages = await chromium_pages(play, options.pages)
        lesson = Lesson(at, options.clients, pages, random.Random(options.seed))
        before, _ = used(pid)
        begun = time.time()
        await lesson.play()
        took = time.time() - begun
        processor, memory = used(pid)
        noted = [await page.evaluate("window.noted") for page in pages]
    clients = lesson.latencies([s.shown for s in (lesson.host, *lesson.pupils)])
    browsers = lesson.latencies(noted)
    wrong = lesson.misdated()
    problems = [said for s in (lesson.host, *lesson.pupils) for said in s.problems]
    lost = sum(1 for seconds in (*clients, *browsers) if seconds == float("inf"))
    rows = [
        ("screens", f"{options.clients + 1} clients and {len(pages)} pages of Chromium"),
        ("choices, all within some seconds of one another", f"{len(lesson.sent)}"),
        ("a choice on every screen: half within", f"{quantile(clients, 0.5):.2f} s"),
        ("a choice on every screen: 95 % within", f"{quantile(clients, 0.95):.2f} s"),
        ("the slowest", f"{clients[-1]:.2f} s"),
        ("on a page of Chromium: 95 % within", said(browsers)),
        ("choices that a screen missed", f"{lost}"),
        ("choices that counted for another day, or not", f"{len(wrong)}"),
        ("late choices, each refused and said to be late", f"{lesson.late}"),
        ("other problems", f"{len(problems)}"),
        ("processor of the server", f"{processor - before:.1f} s in {took:.0f} s"),
        ("memory of the server at its height", f"{memory:.0f} MB"),
    ]
    return rows, not (lost or wrong or problems) and quantile(clients, 0.95) < 0.5


def table(rows, load):
    lines = ["| a lesson | |", "| --- | ---: |", *(f"| {name} | {value} |" for name, value in rows)]
    python = platform.python_version()
    machine = f"{os.cpu_count()} processors, load {load:.1f} at the start, Python {python}"
    return "\n".join([*lines, "", f"Measured on: {machine}."])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=36, help="pupils as WebSocket clients")
    parser.add_argument("--pages", type=int, default=4, help="pages of a real Chromium beside them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--into", type=Path, help="a page with the markers of the table")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["app", "--host", "127.0.0.1", "--port", str(port), "--no-browser"]
    server = subprocess.Popen([sys.executable, "-m", "foedus", *words], stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        rows, held = asyncio.run(run(options, f"127.0.0.1:{port}", server.pid))
    finally:
        server.terminate()
        server.wait(30)
    text = table(rows, load)
    print(text)
    if options.into is not None:
        page = options.into.read_text(encoding="utf-8")
        head, _, rest = page.partition(MARKERS[0])
        tail = rest.partition(MARKERS[1])[2]
        made = f"{head}{MARKERS[0]}\n\n{text}\n\n{MARKERS[1]}{tail}"
        options.into.write_text(made, encoding="utf-8")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
