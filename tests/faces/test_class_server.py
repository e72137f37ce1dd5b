"""The server of class rooms: headers, keys, limits, and whatever a page may send."""

from __future__ import annotations

import gzip
import json
import threading
import time
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

pytest.importorskip("uvicorn", reason="the app needs the extra `app`")
import uvicorn
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from foedus.app.server import HEADERS, application
from foedus.roleplay.rooms import ClassRooms, RateLimit

CASE = "kazakhstan-2022"
PATIENCE = 30


@contextmanager
def serving(rooms):
    server = uvicorn.Server(
        uvicorn.Config(application(rooms), port=0, log_level="error", ws_max_size=1_000_000)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(400):
        if server.started:
            break
        time.sleep(0.05)
    try:
        yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def rooms():
    many = RateLimit(most=10_000)
    return ClassRooms(are_open=True, openings=many)


@pytest.fixture(scope="module")
def at(rooms):
    with serving(rooms) as address:
        yield address


class Client:
    """One page, as the server sees it."""

    def __init__(self, at, **first):
        self.socket = connect(f"ws://{at}/room", open_timeout=PATIENCE).__enter__()
        self.room = self.own = self.past = None
        self.n_sent = 0
        if first:
            self.socket.send(json.dumps(first))
            self.you = self.until("you")["you"]

    def send(self, **asked):
        self.n_sent += 1
        self.socket.send(json.dumps({"number": f"{id(self)}.{self.n_sent}", **asked}))

    def read(self):
        told = json.loads(self.socket.recv(timeout=PATIENCE))
        for part in ("room", "own", "past"):
            if part in told:
                setattr(self, part, told[part])
        return told

    def until(self, *parts):
        while True:
            told = self.read()
            if {*parts} & {*told}:
                return told

    def does(self, **asked):
        """Send, and return what the server refuses, or nothing."""
        self.send(**asked)
        return self.until("done", "problem").get("problem")

    def sees(self, is_there):
        """Read until the room is as expected."""
        for _ in range(60):
            if self.room is not None and is_there(self):
                return self
            self.read()
        pytest.fail("the room is not shown as expected")

    def close(self):
        self.socket.close()


@pytest.fixture
def page(at):
    opened = []

    def new(**first):
        opened.append(Client(at, **first))
        return opened[-1]

    yield new
    for client in opened:
        client.close()


@pytest.fixture
def host(page):
    return page(do="open", crisis=CASE)


def joined(page, host, state=None, **more):
    one = page(do="enter", code=host.you["code"], **more)
    if state is not None:
        assert one.does(do="sit", state=state) is None
    return one


# ---- headers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", f"/report/{CASE}", "/nothing", "/class"])
def test_every_answer_carries_the_security_headers(at, path):
    try:
        answer = urlopen(f"http://{at}{path}", timeout=PATIENCE)
    except HTTPError as error:
        answer = error
    with answer:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value


def test_the_page_may_load_nothing_from_outside_nor_be_framed(at):
    assert "frame-ancestors 'none'" in HEADERS["content-security-policy"]
    assert HEADERS["x-frame-options"] == "DENY"
    assert HEADERS["referrer-policy"] == "no-referrer"
    request = Request(f"http://{at}/", headers={"accept-encoding": "identity"})
    with urlopen(request, timeout=PATIENCE) as answer:
        text = gzip.decompress(answer.read()).decode()
    policy = text.partition('http-equiv="Content-Security-Policy" content="')[2].partition('"')[0]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "http" not in policy


def test_the_first_page_is_made_once_and_costs_nothing_after_that(at):
    def load():
        started = time.process_time()
        urlopen(f"http://{at}/", timeout=PATIENCE).close()
        return time.process_time() - started

    load()
    assert sorted(load() for _ in range(9))[4] < 0.1


def test_a_join_address_leads_to_the_room_and_carries_no_key(at, host):
    with urlopen(f"http://{at}/class/{host.you['code']}", timeout=PATIENCE) as answer:
        assert answer.url.endswith(f"/#/class/{host.you['code']}")
        assert host.you["key"] not in answer.url


def test_a_page_of_another_site_cannot_open_a_room(at):
    with (
        pytest.raises((InvalidStatus, ConnectionClosed)),
        connect(f"ws://{at}/room", origin="http://evil.example") as socket,
    ):
        socket.recv()


# ---- a lesson ------------------------------------------------------------------------------------


def test_a_choice_is_on_every_page_and_carries_its_day(page, host):
    one, other = joined(page, host, "RUS"), joined(page, host, "BLR")
    assert one.does(do="choose", state="RUS", line="deploy", day=0) is None
    for client in (host, one, other):
        seat = client.sees(lambda c: "RUS" not in c.room["undecided"]).room["seats"]
        assert next(s for s in seat if s["state"] == "RUS")["decided"]
    assert host.does(do="live", day=0, anyway=True) is None
    said = one.does(do="choose", state="RUS", line="object", day=0)
    assert said == "too late: day 0 is over. Day 1 is being decided."
    assert host.sees(lambda c: c.room["day"] == 1 and c.own["nLate"] == 1)


def test_the_host_is_asked_to_confirm_and_says_so_with_anyway(page, host):
    joined(page, host, "RUS")
    assert host.does(do="live", day=0) == "not decided yet: RUS"
    assert host.does(do="live", day=0, anyway=True) is None


def test_a_brief_is_shown_to_its_seat_alone(page, host):
    russia, looker = joined(page, host, "RUS"), joined(page, host)
    goals = russia.sees(lambda c: c.own["briefs"]).own["briefs"][0]["goals"]
    assert goals
    looker.sees(lambda c: any(s["holders"] for s in c.room["seats"]))
    assert looker.own["briefs"] == []
    assert not any(goal in json.dumps(looker.room) for goal in goals)


def test_a_message_reaches_its_seat_and_the_teacher_and_nobody_else(page, host):
    russia, belarus, armenia = (joined(page, host, state) for state in ("RUS", "BLR", "ARM"))
    assert russia.does(do="say", to="BLR", text="Will you come?") is None
    assert russia.does(do="say", to="", text="We stand together.") is None
    for client in (belarus, host):
        assert client.sees(lambda c: c.own["messages"])
    armenia.sees(lambda c: c.room["statements"])
    assert armenia.own["messages"] == []


def test_a_game_is_played_to_the_board_and_another_begins(page, host):
    russia, looker = joined(page, host, "RUS"), joined(page, host)
    assert looker.does(do="forecast", shares=[1, 1, 1, 7], day=0) is None
    assert russia.does(do="choose", state="RUS", line="object", day=0) is None
    assert host.does(do="end") is None
    for client in (host, russia, looker):
        board = client.sees(lambda c: c.past and c.past["review"]).past["review"]
        assert {row["who"] for row in board["scores"]} >= {"an onlooker", "the model"}
        assert [seat["name"] for seat in board["seats"]] == ["Russia"]
        assert {goal["met"] for goal in board["seats"][0]["goals"]} <= {True, False}
    assert looker.own["id"] in {row["person"] for row in board["scores"]}
    assert host.does(do="crisis", crisis="armenia-2020") is None
    russia.sees(lambda c: c.room["crisis"] == "armenia-2020" and c.room["day"] == 0)
    assert russia.own["holds"] == ["RUS"]
    assert russia.past["review"] is None


def test_who_comes_back_with_the_key_has_seat_choice_and_forecast_still(page, host):
    one = joined(page, host, "RUS")
    assert one.does(do="choose", state="RUS", line="support", day=0) is None
    assert one.does(do="forecast", shares=[0, 0, 1, 1], day=0) is None
    one.close()
    host.sees(lambda c: all(s["present"] == 0 for s in c.room["seats"]))
    again = joined(page, host, key=one.you["key"])
    again.sees(lambda c: c.own["holds"] == ["RUS"])
    assert again.own["briefs"][0]["chosen"] == "support"
    assert again.own["forecast"] == [0, 0, 0.5, 0.5]


def test_a_message_that_is_sent_again_after_a_lost_connection_counts_once(page, host):
    one = joined(page, host, "RUS")
    statement = {"do": "say", "to": "BLR", "text": "Once", "number": "tab.1"}
    for _ in range(2):
        one.socket.send(json.dumps(statement))
        assert one.until("done", "problem")["done"] == "tab.1"
    host.sees(lambda c: c.own["messages"])
    time.sleep(0.2)
    assert one.does(do="say", to="ARM", text="Twice") is None
    assert len(host.sees(lambda c: len(c.own["messages"]) > 1).own["messages"]) == 2


def test_what_was_meant_for_the_game_before_does_not_count_in_the_next(page, host):
    one = joined(page, host, "RUS")
    host.does(do="end")
    assert host.does(do="again", game=1) is None
    assert host.does(do="again", game=1).startswith("too late: this was meant for another game")
    late = one.does(do="choose", state="RUS", line="deploy", day=0, game=1)
    assert late.startswith("too late: this was meant for another game")
    assert host.sees(lambda c: c.room["day"] == 0).room["game"] == 2
    assert one.does(do="choose", state="RUS", line="deploy", day=0, game=2) is None


def test_pupils_are_told_when_the_teacher_is_away(page, host):
    pupil = joined(page, host)
    pupil.sees(lambda c: c.room["hostThere"])
    host.close()
    pupil.sees(lambda c: not c.room["hostThere"])
    page(do="enter", code=host.you["code"], key=host.you["key"])
    pupil.sees(lambda c: c.room["hostThere"])


def test_a_pupil_cannot_do_what_the_host_does(page, host):
    pupil = joined(page, host, "RUS")
    for does in ("live", "end", "again", "crisis", "free", "deciding", "timer", "unsay"):
        assert pupil.does(do=does) == f"this page cannot do that: {does}"
    assert host.sees(lambda c: True).room["day"] == 0


def test_a_timer_is_sent_as_seconds_left_so_that_no_clock_has_to_be_right(page, host):
    pupil = joined(page, host)
    assert host.does(do="timer", seconds=90) is None
    left = pupil.sees(lambda c: c.room["timer"] is not None).room["timer"]
    assert 80 < left <= 90
    assert host.does(do="timer", seconds=0) is None
    pupil.sees(lambda c: c.room["timer"] is None)


# ---- keys, codes and limits ----------------------------------------------------------------------


def test_a_valid_key_is_let_in_after_any_number_of_wrong_codes(at, page, rooms):
    host = page(do="open", crisis=CASE)
    rooms.tries = RateLimit()
    try:
        for _ in range(12):
            guess = Client(at)
            guess.socket.send(json.dumps({"do": "enter", "code": "QQQQQQ"}))
            said = guess.until("problem")["problem"]
            guess.close()
        assert said.startswith("too many tries: wait")
        stranger = Client(at)
        stranger.socket.send(json.dumps({"do": "enter", "code": host.you["code"]}))
        assert stranger.until("problem")["problem"].startswith("too many tries: wait")
        stranger.close()
        again = page(do="enter", code=host.you["code"], key=host.you["key"])
        assert again.sees(lambda c: c.own["host"])
    finally:
        rooms.tries = RateLimit()


def test_a_room_for_one_cannot_be_entered_by_its_code(at, page):
    alone = page(do="open", private=True, crisis=CASE, seats=["RUS"])
    alone.sees(lambda c: c.own["holds"] == ["RUS"])
    stranger = Client(at)
    stranger.socket.send(json.dumps({"do": "enter", "code": alone.you["code"]}))
    assert stranger.until("problem")["problem"] == "there is no class room of that code"
    stranger.close()


def test_a_page_that_sends_too_fast_is_told_to_wait(page, host):
    pupil = joined(page, host, "RUS")
    said = [pupil.does(do="choose", state="RUS", line="deploy", day=0) for _ in range(45)]
    assert said[0] is None
    assert said[-1].startswith("too many messages: wait")


def test_class_rooms_stay_closed_where_the_server_listens_to_its_own_machine_alone():
    with serving(ClassRooms(are_open=False)) as at:
        client = Client(at)
        client.socket.send(json.dumps({"do": "open", "crisis": CASE}))
        assert "class rooms are off" in client.until("problem")["problem"]
        client.close()


# ---- hostile messages ----------------------------------------------------------------------------

OPENINGS = [
    {"do": "open"},
    {"do": "open", "crisis": "../../etc/passwd"},
    {"do": "open", "crisis": CASE, "set": {"rho": "x"}},
    {"do": "open", "crisis": CASE, "set": {"rho": 1e999}},
    {"do": "open", "crisis": CASE, "set": {"nonsense": 1}},
    {"do": "open", "crisis": CASE, "seats": ["XXX"]},
    {"do": "open", "crisis": CASE, "theory": ["full"]},
    {"do": "open", "private": True, "session": "{"},
    {"do": "open", "private": True, "session": "[1, 2]"},
    {"do": "enter"},
    {"do": "enter", "code": {"a": 1}, "key": [2]},
    {"do": None},
    {},
]


@pytest.mark.parametrize("asked", OPENINGS, ids=lambda asked: json.dumps(asked)[:50])
def test_an_opening_that_makes_no_sense_costs_one_clear_line(at, rooms, asked):
    rooms.tries = RateLimit()
    client = Client(at)
    client.socket.send(json.dumps(asked))
    said = client.until("problem", "you")["problem"]
    assert said
    assert "\n" not in said
    assert "Traceback" not in said
    client.close()


DEEDS = [
    {"do": "choose"},
    {"do": "choose", "state": "RUS", "line": "conquer", "day": 0},
    {"do": "choose", "state": ["RUS"], "line": {}, "day": True},
    {"do": "choose", "state": "RUS", "line": "deploy", "day": 10**40},
    {"do": "forecast", "shares": "1111", "day": 0},
    {"do": "forecast", "shares": [10**400, 1, 1, 1], "day": 0},
    {"do": "forecast", "shares": [None, {}, [], "x"], "day": 0},
    {"do": "say", "text": ["a"], "to": {"x": 1}},
    {"do": "sit", "state": "<script>"},
    {"do": "live", "day": "0"},
    {"do": "crisis", "crisis": "\u0000"},
    {"do": "deciding", "by": ["majority"]},
    {"do": "__class__"},
]


@pytest.mark.parametrize("asked", DEEDS, ids=lambda asked: json.dumps(asked)[:50])
def test_a_deed_that_makes_no_sense_costs_one_clear_line_and_the_page_goes_on(page, host, asked):
    both = (host, joined(page, host, "RUS"))
    for client in both:
        said = client.does(**asked)
        assert said
        assert "\n" not in said
    assert both[1].does(do="choose", state="RUS", line="deploy", day=0) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{",
        "NaN",
        '"\\ud800"',
        "[" * 5000,
        '{"do":"say","text":"\\ud800","to":""}',
    ],
    ids=lambda text: repr(text)[:20],
)
def test_what_is_no_message_is_refused_and_breaks_no_other_page(page, host, text):
    pupil = joined(page, host, "RUS")
    pupil.socket.send(text)
    assert pupil.until("problem")["problem"]
    pupil.socket.send(b"\xff\x00binary")
    assert pupil.until("problem")["problem"]
    assert pupil.does(do="choose", state="RUS", line="deploy", day=0) is None
    host.sees(lambda c: c.room["undecided"] == [] and any(s["decided"] for s in c.room["seats"]))


def test_words_of_pupils_stay_words(page, host):
    pupil = joined(page, host, "RUS")
    hostile = "<img src=x onerror=alert(1)> \u202e" + "x" * 900
    assert pupil.does(do="say", to="", text=hostile) is None
    shown = host.sees(lambda c: c.room["statements"]).room["statements"][0]["text"]
    assert shown.startswith("<img src=x onerror=alert(1)>")
    assert len(shown) == 280


@pytest.mark.parametrize("kind", ["decides", "nonsense"])
def test_a_room_is_opened_under_a_request_that_there_is_and_no_other(page, kind):
    host = page(do="open", crisis="armenia-2020", request="treaty")
    host.sees(lambda one: "Armenia has formally asked for a force." in one.room["situation"])
    host.does(do="again")
    host.sees(lambda one: one.room["game"] == 2)
    assert "formally asked for a force" in host.room["situation"]
    refused = host.does(do="crisis", crisis="armenia-2020", request=kind)
    assert f"unknown request '{kind}'" in refused
