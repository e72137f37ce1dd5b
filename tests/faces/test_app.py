"""The pages of the app with a simulated visitor: no browser, no network, real handlers."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("nicegui", reason="the app needs the extra `app`")

from fastapi.datastructures import URL
from nicegui.testing import User
from nicegui.testing.user_simulation import user_simulation

from foedus.analysis.forecast.prior_average import levels_over_priors
from foedus.analysis.summary import summarise
from foedus.app.panel import Panel
from foedus.cli import run
from foedus.model.ensemble import ensemble, prepare
from foedus.plots.words import percent

MAIN = Path(__file__).with_name("app_main.py")
Visit = Callable[[User], Awaitable[None]]


@pytest.fixture
def visit(caplog):
    """Let a visitor do something, and fail where the server had anything to complain about."""

    def simulate(steps: Visit) -> None:
        kept = dict(sys.modules)  # the simulation forgets the modules of pages when it ends

        failures: list[BaseException] = []

        async def simulated() -> None:
            async with user_simulation(main_file=MAIN) as user:
                try:
                    await steps(user)
                except BaseException as failure:  # the simulation must end well for the next one
                    failures.append(failure)

        try:
            asyncio.run(simulated())
        finally:
            sys.modules.update(kept)
        if failures:
            raise failures[0]
        errors = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
        # on a busy machine the simulation gives up waiting for tasks that do end
        assert [e for e in errors if not e.startswith("Could not cancel")] == []

    return simulate


def panels(user: User) -> list[Panel]:
    return [e for e in user.client.elements.values() if isinstance(e, Panel)]


def page(user: User) -> str:
    """All markup of the page."""
    return "".join(panel.content for panel in panels(user))


def text(user: User) -> str:
    """What can be read on the page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page(user)).split())


def send(user: User, needle: str, event: str, **args: object) -> None:
    """Move or press something in the panel that holds `needle`."""
    holder = next(panel for panel in panels(user) if needle in panel.content)
    for listener in list(holder._event_listeners.values()):
        if listener.type == event:
            with user.client:
                listener.handler(type("Event", (), {"args": args})())
            return
    raise AssertionError(f"nothing hears {event} where {needle} is")


def move(user: User, name: str, value: object) -> None:
    send(user, f'data-name="{name}"', "input", name=name, value=value)


def press(user: User, does: str, what: str = "") -> None:
    send(user, f'data-do="{does}"', "click", **{"do": does, "with": what})


async def until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something holds."""
    for _ in range(int(seconds / 0.02)):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came to hold")


def share(user: User, level: str) -> float:
    return float(re.search(rf'data-level="{level}" data-share="([\d.]+)"', page(user))[1])


def deploy_share(**settings: float) -> float:
    summary = summarise(ensemble(prepare("kazakhstan-2022", settings), 1000, 1))
    return round(summary.p_levels[3], 4)


def test_the_room_opens_with_the_bars_of_the_ensemble(visit):
    async def steps(user):
        await user.open("/")
        assert "Kazakhstan, January 2022" in text(user)
        assert share(user, "deploy") == deploy_share()
        averaged = levels_over_priors(prepare("kazakhstan-2022"), 1000, 1)
        shares = f"support {percent(averaged[2])} and deploy {percent(averaged[3])}."
        assert " ".join(shares.split()) in text(user)

    visit(steps)


def test_a_slider_changes_the_bars_and_taking_it_back_restores_them(visit):
    async def steps(user):
        await user.open("/")
        move(user, "rho", 0)
        await until(lambda: share(user, "deploy") == deploy_share(rho=0))
        move(user, "rho", 1.0)
        await until(lambda: share(user, "deploy") == deploy_share())
        assert "1 changed" not in text(user)

    visit(steps)


def test_of_many_moves_only_the_last_has_to_be_computed(visit):
    async def steps(user):
        await user.open("/")
        for n in range(40):
            move(user, "threat", n / 40)
        move(user, "threat", 0.25)
        await until(lambda: share(user, "deploy") == deploy_share(threat=0.25))

    visit(steps)


def test_theory_and_rule_are_chosen_by_name(visit):
    async def steps(user):
        await user.open("/?theory=realist")
        realist = summarise(ensemble(prepare("kazakhstan-2022", theory="realist"), 1000, 1))
        assert share(user, "deploy") == round(realist.p_levels[3], 4)
        assert "States act on what they may gain or lose" in text(user)
        move(user, "rule", "unanimity")
        both = prepare("kazakhstan-2022", theory="realist", rule="unanimity")
        wanted = round(summarise(ensemble(both, 1000, 1)).p_levels[3], 4)
        await until(lambda: share(user, "deploy") == wanted)

    visit(steps)


def test_the_days_of_a_run_are_stepped_to_the_decision(visit):
    async def steps(user):
        await user.open("/")
        assert "The council does not sit yet" in text(user)
        press(user, "forward")
        assert "6 January 2022" in text(user)
        press(user, "back")
        press(user, "decision")
        assert "answers with a force" in text(user)
        press(user, "another")
        await until(lambda: "Another run (now 1)" in text(user))

    visit(steps)


def test_a_member_is_explained_when_it_is_chosen(visit):
    async def steps(user):
        await user.open("/")
        press(user, "why", "ARM")
        await until(lambda: "What would have changed the answer" in text(user))
        assert "On day 1 Armenia, left to itself" in text(user)
        assert "unmeasured: this crisis" in text(user)
        press(user, "why", "<script>")
        assert "On day 1 Armenia" in text(user)

    visit(steps)


def test_history_is_hidden_until_somebody_asks(visit):
    async def steps(user):
        await user.open("/")
        assert "The alliance deployed on 6 January 2022" not in text(user)
        press(user, "history")
        assert "The alliance deployed on 6 January 2022" in text(user)
        assert "what happened in history" in page(user)
        press(user, "history")
        assert "The alliance deployed on 6 January 2022" not in text(user)

    visit(steps)


def test_another_crisis_brings_its_own_facts_and_members(visit):
    async def steps(user):
        await user.open("/?set=rho:0")
        move(user, "case", "kuwait-1990")
        await until(lambda: "Iraq" in text(user) and "Kazakhstan asks" not in text(user))
        assert "1 changed" not in text(user)

    visit(steps)


def test_a_hostile_address_gives_a_message_and_the_first_crisis(visit):
    async def steps(user):
        for path in ("/?case=../../etc/passwd", "/?set=rho:nan", "/play?as=USA",
                     "/?case=<script>alert(1)</script>", "/class?hack=1"):  # fmt: skip
            await user.open(path)
            assert "This address cannot be opened" in text(user)
            assert "<script>" not in page(user)
            assert "Kazakhstan, January 2022" in text(user)

    visit(steps)


NONSENSE = [("rho", "nan"), ("rho", None), ("rho", [1]), ("rho", "x" * 999), ("seed", 1e400),
            ("run", -5), ("case", "/etc/passwd"), ("rule", "x"), ("theory", 7), ("__class__", 1),
            ("day", "tomorrow")]  # fmt: skip


def test_nonsense_from_a_broken_page_changes_nothing(visit):
    async def steps(user):
        await user.open("/")
        before = share(user, "deploy")
        for name, value in NONSENSE:
            send(user, 'data-name="rho"', "input", name=name, value=value)
        for does in ("", "reset()", "__init__", None):
            send(user, 'data-do="share"', "click", **{"do": does, "with": None})
        await asyncio.sleep(0.3)
        assert share(user, "deploy") == before

    visit(steps)


def test_figures_and_numbers_are_files_of_their_own(visit):
    async def steps(user):
        get = user.http_client.get
        for name in ("answers", "run", "network", "why"):
            svg = await get(f"/download/{name}.svg?case=kazakhstan-2022&set=rho:0")
            assert (svg.status_code, svg.headers["content-type"]) == (200, "image/svg+xml")
            assert svg.text.lstrip().startswith("<?xml")
        png = await get("/download/network.png")
        assert png.content.startswith(b"\x89PNG")
        numbers = await get("/download/numbers.json?set=rho:0&run=2")
        record = json.loads(numbers.text)
        assert record["ensemble"]["p_deploy"] == pytest.approx(deploy_share(rho=0))
        assert record["run"]["run"] == 2

    visit(steps)


def test_a_file_that_does_not_exist_is_refused_in_one_line(visit):
    async def steps(user):
        for name in ("nothing.svg", "answers.exe", "answers", "..%2f..%2fdata%2fregister.csv",
                     "answers.svg?case=../../etc/passwd", "numbers.json?set=rho:inf"):  # fmt: skip
            found = await user.http_client.get(f"/download/{name}")
            assert found.status_code in (400, 404)
            assert "Traceback" not in found.text
            assert found.status_code == 404 or len(found.text.splitlines()) == 1

    visit(steps)


def test_an_address_that_leads_nowhere_shows_the_way_back(visit):
    async def steps(user):
        found = await user.http_client.get("/nothing/<script>")
        assert found.status_code == 404
        assert "There is no such page" in found.text
        assert 'href="/"' in found.text
        assert "<script>" not in found.text

    visit(steps)


def test_a_seat_is_played_to_the_debrief(visit):
    async def steps(user):
        await user.open("/play?as=RUS")
        press(user, "begin")
        assert "The line of Russia today" in text(user)
        press(user, "decide")
        assert "Choose a line first: Russia" in text(user)
        move(user, "line-RUS", "object")
        press(user, "decide")
        assert "Day 1, 6 January 2022" in text(user)
        press(user, "hold")
        await until(lambda: "How likely each answer was" in text(user))
        assert "The alliance consulted" in text(user)
        assert "Regime solidarity" in text(user)

    visit(steps)


def test_seats_are_ticked_and_history_stays_hidden(visit):
    async def steps(user):
        await user.open("/play")
        send(user, 'data-name="seat-KGZ"', "input", name="seat-KGZ", value=True)
        send(user, 'data-name="seat-TJK"', "input", name="seat-TJK", value=True)
        press(user, "begin")
        assert "The line of Kyrgyzstan today" in text(user)
        assert "The line of Tajikistan today" in text(user)
        assert "Collective peacekeeping force" not in text(user)

    visit(steps)


BROKEN = ["", "{", '{"session_version": 1}', '{"scenario": "../../etc/passwd"}', "[" * 2000, None]


def test_a_broken_session_is_refused_on_the_page(visit):
    async def steps(user):
        await user.open("/play")
        holder = next(p for p in panels(user) if "data-file" in p.content)
        opens = [x for x in holder._event_listeners.values() if x.type == "change"][-1]
        for sent in BROKEN:
            with user.client:
                opens.handler(type("Event", (), {"args": {"file": "session", "text": sent}})())
            assert "This session cannot be opened" in text(user)
            press(user, "begin")
            assert "Take at least one seat" in text(user)

    visit(steps)


def test_a_class_room_is_opened_and_joined(visit):
    async def steps(user):
        await user.open("/class")
        press(user, "open")
        await until(lambda: "join with" in text(user))
        code = re.search(r'class="bigcode"[^>]*>([A-Z0-9]{6})<', page(user))[1]
        host = user.client
        pupil = User(user.http_client)
        await pupil.open(f"/class/{code.lower()}")
        press(pupil, "take", "BLR")
        assert "The line of Belarus today" in text(pupil)
        move(pupil, "line-BLR", "object")
        # a pupil's page cannot do what only the host's can, whatever it sends
        send(pupil, 'data-do="giveup"', "click", **{"do": "live", "with": ""})
        assert "Day 0" in text(pupil)
        user.client = host
        assert "1 of 1" in text(user)
        press(user, "live")
        assert "Day 1" in text(user)
        assert "Day 1" in text(pupil)

    visit(steps)


def test_a_seat_whose_line_was_cut_and_came_back_is_there(visit):
    async def steps(user):
        await user.open("/class")
        press(user, "open")
        await until(lambda: "join with" in text(user))
        code = re.search(r'class="bigcode"[^>]*>([A-Z0-9]{6})<', page(user))[1]
        await user.open(f"/class/{code}")
        press(user, "take", "BLR")
        pupil = user.client
        (cut,) = pupil._socket_to_document_id
        document = pupil._socket_to_document_id[cut]
        await pupil.handle_handshake("again", user.tab_id, None, document, None)
        pupil.handle_disconnect(cut)  # a server learns late that a line is dead
        assert "is thinking" in text(user)
        pupil.handle_disconnect("again")
        assert "away, the model plays" in text(user)

    visit(steps)


def test_a_wrong_code_leads_to_the_door_with_a_message_until_it_is_too_much(visit):
    async def steps(user):
        for code in ("WRONG2", "%3Cscript%3E", "é", "A" * 500):
            await user.open(f"/class/{code}")
            assert "There is no class room of that code" in text(user)
        for _ in range(7):
            await user.open("/class/WRONG2")
        assert "Too many tries: wait" in text(user)

    visit(steps)


def test_the_board_shows_an_address_that_others_can_open():
    from foedus.app.server import _door_address, reached_at

    def seen_from(opened: str, host: str) -> str:
        url = URL(f"http://{opened}:8080/class/ABCDEF")
        return _door_address(SimpleNamespace(url=url), host)

    own = reached_at("0.0.0.0")
    assert own not in ("0.0.0.0", "::")
    for opened in ("localhost", "127.0.0.1", "0.0.0.0"):
        assert seen_from(opened, "0.0.0.0") == f"http://{own}:8080/class"
    assert seen_from("localhost", "192.168.1.7") == "http://192.168.1.7:8080/class"
    assert seen_from("192.168.1.7", "0.0.0.0") == "http://192.168.1.7:8080/class"
    assert seen_from("localhost", "fd00::7") == "http://[fd00::7]:8080/class"


def test_a_taken_port_and_a_wrong_host_are_said_in_one_line(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert run(["app", "--no-browser", "--port", str(taken.getsockname()[1])]) == 2
    assert run(["app", "--no-browser", "--host", "999.1.1.1"]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("cannot listen on 127.0.0.1, port ")
    assert second.startswith("cannot listen on 999.1.1.1, port 8080")


def test_without_nicegui_the_command_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "nicegui", None)
    monkeypatch.delitem(sys.modules, "foedus.app.server", raising=False)
    assert run(["app", "--no-browser"]) == 2
    assert "pip install 'foedus[app]'" in capsys.readouterr().err
