"""The schema in a real editor's language server: completion, hover, errors in place."""

from __future__ import annotations

import shutil

import pytest
from language_server import LanguageServer, Unavailable, installed

from foedus.cli import run
from foedus.data.library import shipped

WHAT_IF = """\
# yaml-language-server: $schema=scenario.schema.json
id: what-if
extends: my-crisis
crisis:
  threat: {coders: .25}

"""


@pytest.fixture(scope="module")
def start():
    try:
        return installed()
    except Unavailable as reason:
        pytest.skip(f"yaml-language-server cannot be run here: {reason}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("editor")
    words = ["new", "csto", "my-crisis", "--date", "2025-03-01", "--out", str(folder / "crises")]
    assert run(words) == 0
    return folder / "crises"


@pytest.fixture(scope="module")
def server(start, folder):
    """A server for an editor that has opened the folder above, so that paths must be the file's."""
    server = LanguageServer(start, folder.parent)
    yield server
    server.close()


def edited(folder, name, *swaps):
    """A copy of the template with the first occurrence of each old piece replaced by the new."""
    text = (folder / "my-crisis.yaml").read_text(encoding="utf-8")
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def line_of(path, start):
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines) if line.startswith(start))


def test_the_template_has_no_problem_in_the_editor(server, folder):
    assert server.problems(folder / "my-crisis.yaml") == []


def test_wrong_values_are_underlined_where_they_stand(server, folder):
    path = edited(
        folder,
        "wrong.yaml",
        ("horizon_days: 30", "horizn_days: 30"),
        ("kind: domestic", "kind: domestik"),
        ("coders: [0.5]", "coders: [1.5]"),
        ("    stake: [0.5]\n", ""),
    )
    found = {(p["range"]["start"]["line"], p["message"]) for p in server.problems(path)}
    assert found == {
        (line_of(path, "horizn_days"), "Property horizn_days is not allowed."),
        (
            line_of(path, "  kind"),
            'Value is not accepted. Valid values: "domestic", "nonstate", "state", "member".',
        ),
        (line_of(path, "    coders"), "Value is above the maximum of 1."),
        (line_of(path, "  RUS"), 'Missing property "stake".'),
    }


@pytest.mark.parametrize(
    ("key", "column", "told"),
    [
        ("  threat:", 4, ".75 the government may fall or is kept from office"),
        ("    stake:", 6, "What the member itself stands to lose"),
        ("requester:", 3, "The member that asks"),
    ],
)
def test_hovering_over_a_key_shows_the_codebook(server, folder, key, column, told):
    path = edited(folder, "hover.yaml")
    server.problems(path)
    assert told in server.hover(path, line_of(path, key), column)


def test_keys_are_completed(server, folder):
    path = edited(folder, "keys.yaml", ("crisis:\n", "crisis:\n  \n"))
    server.problems(path)
    offered = server.completions(path, line_of(path, "crisis:") + 1, 2)
    assert "threat" not in offered  # it stands there already
    path = edited(folder, "fewer.yaml", ("  threat:", "  thrt:"))
    server.problems(path)
    assert "threat" in server.completions(path, line_of(path, "  thrt:"), 3)


def test_words_of_a_closed_set_are_completed(server, folder):
    path = edited(folder, "words.yaml", ("kind: domestic", "kind: "))
    server.problems(path)
    offered = server.completions(path, line_of(path, "  kind:"), 8)
    assert {"domestic", "nonstate", "state", "member"} <= set(offered)


def test_a_counterfactual_lacks_nothing_and_is_completed_too(server, folder):
    path = folder / "what-if.yaml"
    path.write_text(WHAT_IF, encoding="utf-8")
    assert server.problems(path) == []
    assert {"members", "base_veto", "summary"} <= set(server.completions(path, 5, 0))


def test_shipped_files_have_no_problem_in_the_editor(start, tmp_path):
    scenarios = shutil.copytree(shipped(), tmp_path / "scenarios")
    server = LanguageServer(start, tmp_path)
    try:
        for name in (
            "csto/alliance.yaml",
            "csto/kazakhstan-2022.yaml",
            "csto/counterfactuals/kazakhstan-2022-larger-membership.yaml",
        ):
            assert server.problems(scenarios / name) == [], name
        wrong = scenarios / "csto" / "wrong.yaml"
        text = (scenarios / "csto/kazakhstan-2022.yaml").read_text(encoding="utf-8")
        wrong.write_text(text.replace("quality: A", "quality: D"), encoding="utf-8")
        assert len(server.problems(wrong)) == 1  # so the schema above was read
    finally:
        server.close()
