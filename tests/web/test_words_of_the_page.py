"""What the page says of a thousand runs."""

from __future__ import annotations

import json
import subprocess

import pytest

from javascript import NODE, WEB

pytestmark = pytest.mark.skipif(NODE is None, reason="needs node to run the script")


def called(expression):
    """What node makes of an expression with the page's parts."""
    names = ("parts", "ensemble", "council")
    brought = ", ".join(f'import("{(WEB / name).as_uri()}.js")' for name in names)
    script = (
        "globalThis.HTMLElement = class {}; globalThis.customElements = { get: () => true };"
        f"const [parts, ensemble, council] = await Promise.all([{brought}]);"
        f"process.stdout.write(JSON.stringify({expression}));"
    )
    words = [NODE, "--input-type=module", "-e", script]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def leading(*shares, n=1000):
    """The sentence above the bars, for shares of n runs."""
    summary = json.dumps({"shares": shares, "nRuns": n})
    return called(f"parts.leading({summary})").replace("\u00a0", " ")


def beyond_two_errors(p, q, n):
    """Whether two shares of the same n runs differ by more than two errors of the difference."""
    variance = (p * (1 - p) + q * (1 - q) + 2 * p * q) / n
    return abs(p - q) > 2 * variance**0.5


def test_shares_are_told_apart_beyond_two_errors_of_their_difference():
    pairs = [(p / 50, q / 50, n) for p in range(26) for q in range(26) for n in (50, 400, 5000)]
    found = called(f"{json.dumps(pairs)}.map(([p, q, n]) => parts.toldApart(p, q, n))")
    assert found == [beyond_two_errors(*pair) for pair in pairs]
    assert len(set(found)) == 2


def test_an_answer_that_comes_most_often_is_named():
    assert (
        leading(0, 0.04, 0.11, 0.85)
        == "Most often the alliance deploys a force: in 85 % of the runs."
    )


def test_answers_that_come_as_often_within_the_error_are_named_together():
    assert leading(0.1, 0.31, 0.28, 0.31) == (
        "No answer stands out: consult, support and deploy come about as often, each in 28 % to "
        "31 % of the runs."
    )
    assert leading(0, 0, 0.5, 0.5).endswith(
        "support and deploy come about as often, each in 50 % of the runs."
    )


def test_more_runs_tell_the_same_shares_apart():
    assert leading(0.1, 0.31, 0.28, 0.31, n=100_000).startswith(
        "No answer stands out: consult and deploy"
    )
    assert leading(0.1, 0.30, 0.28, 0.32, n=100_000).startswith("Most often the alliance deploys")


@pytest.mark.parametrize(("n_deployed", "is_told"), [(3, False), (29, False), (30, True)])
def test_troops_are_told_only_from_enough_runs_that_deploy(n_deployed, is_told):
    levels = f"Array.from({{ length: 1000 }}, (_, r) => r < {n_deployed} ? 3 : 0)"
    runs = f"{levels}.map((level) => ({{ level, ending: 1, troops: [100, 50] }}))"
    found = called(f"ensemble.summarise({runs}).troops")
    assert found == ({"low": 150, "median": 150, "high": 150} if is_told else None)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (0, "Armenia is in crisis and has asked for nothing."),
        (0.4, "Armenia is in crisis and has asked for nothing."),
        (0.5, "Armenia asks for talks."),
        (2, "Armenia asks for aid."),
        (2.5, "Armenia asks for aid or a force."),
        (3, "Armenia asks for a force."),
    ],
)
def test_the_council_says_what_is_asked_for_and_what_that_leaves_open(asked, says):
    data = {
        "members": [{"id": "ARM", "name": "Armenia", "roles": ["in crisis"]}],
        "days": [{"day": 0, "date": "1 May 2020", "asked": asked, "answer": 0, "sat": False}],
    }
    assert says in called(f"council.telling({json.dumps(data)}, 0)")
