"""What the documentation says, held against what the code does."""

from __future__ import annotations

import ast
import doctest
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from pkgutil import resolve_name

import doc_tables
import pytest
from pages import (
    DOCS,
    FENCE,
    OWN,
    README,
    between,
    board,
    every_command,
    printed,
    readme_scores,
    shown,
    text_of,
)
from remake import refilled, with_doctests

import foedus
from foedus.analysis.forecast.history import history_table
from foedus.data.library import alliance_home, load_all
from foedus.data.record_reader import record_from
from foedus.data.register import defaults, register
from foedus.data.sources import Grounds, backing
from foedus.data.theory import Theory, theories
from foedus.data.yaml_reader import parse_tree
from foedus.plots.words import short_title
from foedus.web.page import page as written

PAGES = sorted(DOCS.rglob("*.md"))


def between_markers(page, name):
    return between(text_of(page), name)


# The commands on the pages


def on_pages():
    """Each command on the pages with the lines shown below it."""
    for page in OWN:
        for command, lines, slow in shown(text_of(page)):
            marks = [pytest.mark.slow] if slow else []
            yield pytest.param(command, lines, id=f"{page}: {command}", marks=marks)


def prints(lines, printed):
    """Whether `printed` is what `lines` show, any number of lines standing for ``...``."""
    wanted = [line.rstrip() for line in lines.strip("\n").splitlines()]
    pattern = "".join("(?:.*\n)*?" if w == "..." else re.escape(w) + "\n" for w in wanted)
    return re.fullmatch(pattern + "\n*", printed) is not None


@pytest.mark.parametrize(("command", "lines"), list(on_pages()))
def test_a_command_prints_what_its_page_shows(command, lines):
    now = printed(command)
    assert prints(lines, now), f"the page shows\n{lines}\nbut it prints\n{now}"


def test_a_block_is_remade_with_its_gaps_where_they_were():
    old = "title 1\n...\n│ a │ 1 │\n│ b │ 2 │\n...\nend 3\n"
    new = "title 9\nx\n│ a │ 8 │\n│ b │ 7 │\ny\ny\nend 6\n"
    assert refilled(old, new) == "title 9\n...\n│ a │ 8 │\n│ b │ 7 │\n...\nend 6\n"
    assert refilled("one\n", "one\ntwo\n") == "one\ntwo\n"
    assert refilled("...\none 1\n...\n", "zero\none 2\ntwo\n") == "...\none 2\n...\n"


def test_the_python_of_a_page_is_remade_with_what_it_gives():
    error = ">>> {}[0]\nTraceback (most recent call last):\nKeyError: 0\n"
    page = f"```python\n>>> 1 + 1\n3\n{error}\n```\n"
    assert with_doctests(page) == page.replace("\n3\n", "\n2\n")


def test_the_check_of_what_is_printed_refuses_a_changed_figure_and_a_lost_line():
    assert prints("a\n...\nc\n", "a\nb\nb\nc\n")
    assert not prints("a\n...\nc\n", "a\nb\nd\n")
    assert not prints("a\nc\n", "a\nb\nc\n")


def mentioned():
    """Each command of foedus that some page names, by page."""
    code = re.compile(r"^(?:\$ )?(?:printf .* \| )?(foedus [a-z].*)$|`(foedus [a-z][^`]*)`", re.M)
    for page in (README, *PAGES):
        for pair in code.findall(page.read_text(encoding="utf-8")):
            yield page.name, " ".join("".join(pair).split())


def test_every_command_and_option_that_a_page_names_is_there():
    known = every_command()
    wrong = []
    for page, line in mentioned():
        _, name, *words = line.split()
        command = known.get(name)
        while below := getattr(command, "commands", None):
            inner = words.pop(0) if words and words[0] in below else next(iter(below))
            command = below[inner]
        options = {o for p in getattr(command, "params", ()) for o in p.opts} | {"--help"}
        asked = {word.partition("=")[0] for word in words if word.startswith("--")}
        wrong += [(page, line)] if command is None or not asked <= options else []
    assert wrong == []


def test_the_python_on_the_pages_gives_what_it_shows():
    flags = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    for page in PAGES:
        if ">>>" in page.read_text(encoding="utf-8"):
            failed, tried = doctest.testfile(str(page), module_relative=False, optionflags=flags)
            assert tried > 0
            assert failed == 0, page


# The model's page

HEADINGS = (
    "## Purpose and patterns",
    "## Entities, state variables and scales",
    "## Process overview and scheduling",
    "## Design concepts",
    "### Theoretical and empirical background",
    "### Individual decision making",
    "### Learning",
    "### Individual sensing",
    "### Individual prediction",
    "### Interaction",
    "### Collectives",
    "### Heterogeneity",
    "### Stochasticity",
    "### Observation",
    "### Implementation details",
    "## Initialization",
    "## Input data",
    "## Submodels",
)
"""Grimm et al. 2020 and Müller et al. 2013, in their order."""


def test_the_model_is_described_under_the_headings_of_odd_and_odd_d_in_their_order():
    lines = text_of("model.md").splitlines()
    assert [line for line in lines if line in HEADINGS] == list(HEADINGS)


def test_the_models_page_holds_every_parameter_as_the_register_has_it():
    assert between_markers("model.md", "parameters") == doc_tables.parameters(register().values())


def test_a_parameter_that_the_register_does_not_have_would_be_missed():
    rows = list(register().values())
    assert between_markers("model.md", "parameters") != doc_tables.parameters(rows[1:])


def test_the_table_of_parameters_is_written_between_its_markers(tmp_path, monkeypatch):
    page = tmp_path / "model.md"
    page.write_text("Before.\n<!-- parameters -->\nstale text\n<!-- /parameters -->\nAfter.\n")
    monkeypatch.setattr(doc_tables, "DOCS", tmp_path)
    doc_tables.write("parameters")
    text = page.read_text(encoding="utf-8")
    assert text.startswith("Before.")
    assert text.endswith("After.\n")
    assert "stale text" not in text
    assert all(f"`{name}`" in text for name in register())


@pytest.mark.parametrize("page", ["model.md", "how-to/compare-theories.md"])
def test_every_theory_is_named(page):
    assert all(f"| `{name}` |" in text_of(page) for name in theories())


# Other claims


def test_the_lessons_table_of_theories_is_what_the_ensembles_say():
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \| (.*) \| (.*) \|$", text_of("teaching.md"), re.M)
    assert sorted(name for name, *_ in rows) == sorted(theories())
    assert {name: cells for name, *cells in rows} == board()


def test_the_readme_shows_the_skill_that_the_evidence_has():
    assert between(README.read_text(encoding="utf-8"), "scores") == readme_scores()


def test_the_words_beside_the_opening_figure_count_what_it_shows():
    rows = history_table(list(load_all(alliance_home("csto"))), 2000, 1).rows
    hits = [row for row in rows if row.summary.most_probable == row.observed]
    words = f"In {len(hits)} of the {len(rows)} it is the most probable one."
    assert words in text_of("index.md")
    assert words in README.read_text(encoding="utf-8")
    missed = Counter(short_title(row.case).partition(",")[0] for row in rows if row not in hits)
    assert missed == {"Kyrgyzstan": 4, "Batken": 1, "Belarus": 1}


def test_the_limits_count_what_is_assumed(library):
    page = " ".join(text_of("limits.md").split())
    rows = register().values()
    assumed = sum(row.is_assumed for row in rows)
    assert f"Of the {len(rows)} numbers in the register, {assumed} have a size" in page
    every = backing(library, defaults()["indicator_reach"])
    count = {grounds: sum(one.numbers[grounds] for one in every) for grounds in Grounds}
    total = sum(count.values())
    sourced, partly, alone = (f"{100 * n / total:.0f} %" for n in count.values())
    assert f"Of {total:,} codes and figures in the files, {sourced} rest" in page
    assert f"{partly} on sources and a judgement" in page
    assert f"{alone} on such a judgement alone" in page


def test_the_theory_that_the_guide_adds_is_one():
    guide = text_of("how-to/compare-theories.md")
    (block,) = (block for _, kind, block in FENCE.findall(guide) if kind == "yaml")
    record_from(parse_tree(block, "quarantine.yaml"), Theory)


def test_every_name_of_the_package_that_a_page_gives_is_there():
    root = DOCS.parent
    pages = [*PAGES, root / "README.md", root / "CONTRIBUTING.md"]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for name in re.findall(r"[`\[](foedus(?:\.(?!toml)\w+)+)(?:\(\))?[`\]]", text):
            assert named(name) is not None, f"{page.name}: {name}"


def named(name):
    """The module, or what stands in it, of that dotted name; None where there is nothing."""
    try:
        return resolve_name(name)
    except (ImportError, AttributeError):
        return None


def test_the_layers_on_the_page_are_those_of_the_contract():
    root = DOCS.parent
    contract = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = [
        part.replace("foedus.", "").replace(" | ", ", ")
        for part in reversed(contract["contracts"][0]["layers"])
    ]
    for page, arrow in (("docs/design.md", "←"), ("CONTRIBUTING.md", "<-")):
        text = (root / page).read_text(encoding="utf-8")
        (line,) = re.findall(f"^`?(errors {arrow} [^`]*?)(?:`|\n```)", text, flags=re.MULTILINE)
        assert line.split() == f" {arrow} ".join(layers).split()


def test_the_reference_holds_the_ten_names_of_the_root():
    reference = text_of("api.md")
    for name in foedus.__all__:
        home = getattr(foedus, name).__module__
        assert f"\n::: {home}.{name}\n" in reference


# The site

NEEDED = ("mkdocs", "material", "mkdocstrings")
LOADING = {
    ("script", "src"),
    ("img", "src"),
    ("img", "srcset"),
    ("source", "src"),
    ("source", "srcset"),
    ("iframe", "src"),
    ("embed", "src"),
    ("object", "data"),
    ("video", "src"),
    ("audio", "src"),
}
OUTSIDE = re.compile(r"(?:^|[\s,])(?:https?:)?//", re.IGNORECASE)
IN_STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", re.IGNORECASE)


class Loads(HTMLParser):
    """Addresses that a page makes the browser fetch by itself; links to follow are none."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            fetched = (tag, name) in LOADING or (tag == "link" and name == "href")
            if fetched and value and OUTSIDE.search(value):
                self.found.append(value)


def test_every_argument_that_a_docstring_names_is_one_of_its_function():
    for path in sorted(Path(foedus.__file__).parent.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            section = re.search(r"Args:\n(.*?)(\n\n|$)", ast.get_docstring(function) or "", re.S)
            named = re.findall(r"^ {4}(\w+(?:, \w+)*):", section[1], re.M) if section else []
            given = {name.arg for name in ast.walk(function.args) if isinstance(name, ast.arg)}
            assert {name for one in named for name in one.split(", ")} <= given, function.name


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built as in continuous integration."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        pytest.skip(f"building the site needs the extra `docs`: {', '.join(missing)} not installed")
    folder = tmp_path_factory.mktemp("site")
    words = ["build", "--strict", "-f", str(DOCS / "mkdocs.yml"), "--site-dir", str(folder)]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    made = subprocess.run(
        [sys.executable, "-m", "mkdocs", *words], capture_output=True, text=True, env=quiet
    )
    assert made.returncode == 0, made.stderr
    return folder


def test_every_page_is_built_and_nothing_that_only_the_build_needs(site):
    built = {path.relative_to(site).with_suffix(".md") for path in site.rglob("*.html")}
    assert {page.relative_to(DOCS) for page in PAGES} <= built
    assert not [path for path in site.rglob("*") if path.suffix in (".py", ".pyc", ".yml")]


def test_the_site_carries_the_page_that_simulates_and_links_to_it(site):
    assert (site / "foedus.html").read_text(encoding="utf-8") == written(load_all())
    assert 'href="foedus.html"' in (site / "index.html").read_text(encoding="utf-8")
    assert not (DOCS / "foedus.html").exists()


def test_the_site_loads_nothing_from_outside(site):
    pages = {p.name: Loads(p.read_text(encoding="utf-8")).found for p in site.rglob("*.html")}
    assert {name: found for name, found in pages.items() if found} == {}
    styles = {p.name: IN_STYLE.findall(p.read_text(encoding="utf-8")) for p in site.rglob("*.css")}
    assert {name: found for name, found in styles.items() if found} == {}


def test_the_site_can_be_searched_without_a_server_elsewhere(site):
    assert (site / "search" / "search_index.json").stat().st_size > 10_000


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://example.org/x.js"></script>',
        '<link rel="stylesheet" href="//example.org/x.css">',
        '<img srcset="a.png 1x, https://example.org/b.png 2x">',
    ],
)
def test_the_check_of_what_is_loaded_sees_what_comes_from_outside(html):
    assert Loads(html).found


def test_the_check_of_what_is_loaded_lets_links_and_own_files_be():
    own = '<a href="https://doi.org/1">x</a><img src="figures/history.svg"><script src="a//b.js">'
    assert Loads(own).found == []


def test_names_in_docstrings_are_shown_without_their_roles(site):
    html = (site / "api.html").read_text(encoding="utf-8")
    assert not re.search(r":(?:func|class|data|mod|meth|attr):", html)
