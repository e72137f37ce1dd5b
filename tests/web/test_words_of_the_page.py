"""What the page says of a thousand runs."""

from __future__ import annotations

import json
import subprocess

import pytest

from javascript import NODE, WEB

pytestmark = pytest.mark.skipif(NODE is None, reason="needs node to run the script")


def leading(*shares, n=1000):
    """The sentence above the bars, for shares of n runs."""
    errors = [(share * (1 - share) / n) ** 0.5 for share in shares]
    script = (
        f'import {{ leading }} from "{(WEB / "parts.js").as_uri()}";'
        f"process.stdout.write(leading({json.dumps({'shares': shares, 'errors': errors})}));"
    )
    words = [NODE, "--input-type=module", "-e", script]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return done.stdout.replace("\u00a0", " ")


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
