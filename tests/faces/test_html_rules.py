from __future__ import annotations

import pytest
from html_rules import faults_of

GOOD = (
    '<!doctype html>\n<html lang="en"><head><title>t</title></head><body><h1>a</h1>'
    '<h2 id="x">b</h2><p><a href="#x">c</a></p></body></html>'
)


def test_a_good_page_has_no_faults():
    assert faults_of(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<p>", "<p><div></div>"),
        ("</p>", ""),
        ("#x", "#y"),
        ("#x", "javascript:alert(1)"),
        ("#x", "https://example.org/"),
        ("<h2", '<i id="x"></i><h2'),
        ("<h1>a</h1>", "<h1>a</h1><h3>z</h3>"),
        ("<h1>a</h1>", ""),
        ("<p>", '<img src="a.png" alt="a"><p>'),
        ("<p>", "<script>1</script><p>"),
        ("<p>", '<p style="background:url(https://example.org/a.png)">'),
        ("<p>", '<p onclick="x()">'),
        ("</head>", "<style>@import 'a.css';</style></head>"),
        ("</head>", '<link rel="stylesheet" href="https://example.org/a.css"></head>'),
        ("<p>", "<svg></svg><p>"),
        ('<html lang="en">', "<html>"),
        ("<!doctype html>", ""),
    ],
)
def test_every_breach_is_found(old, new):
    assert GOOD.count(old) >= 1
    assert faults_of(GOOD.replace(old, new, 1)) != []
