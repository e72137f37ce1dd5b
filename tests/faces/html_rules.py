"""What a page must keep to: well-formed, self-contained, reachable without eyes or mouse."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"br", "hr", "meta", "link", "col", "img", "input", "wbr"}
CLOSES_A_PARAGRAPH = {"div", "table", "ul", "ol", "dl", "p", "figure", "section", "h2", "h3", "h4"}
LOADS = {"src", "srcset", "data", "poster", "background", "action", "formaction", "manifest"}


class Page(HTMLParser):
    """Reads a page and notes every breach."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.faults, self.ids, self.links, self.headings, self.words = [], [], [], [], []
        self.tags, self.stack = [], []
        self.feed(text)
        self.close()
        self.faults += [f"<{name}> is never closed" for name in self.stack]
        self.faults += [f"id '{i}' stands twice" for i in set(self.ids) if self.ids.count(i) > 1]
        self.faults += [f"#{i} leads nowhere" for i in self._targets() - set(self.ids)]
        if self.headings and self.headings[0] != 1:
            self.faults.append("the first heading is no h1")
        for a, b in zip(self.headings, self.headings[1:], strict=False):
            if b > a + 1:
                self.faults.append(f"h{a} is followed by h{b}")

    def _targets(self):
        return {link[1:] for link in self.links if link.startswith("#")}

    def handle_starttag(self, name, attrs):
        given = dict(attrs)
        self.tags.append((name, given))
        self._check(name, given)
        if name in CLOSES_A_PARAGRAPH and "p" in self.stack:
            self.faults.append(f"<{name}> inside <p>")
        if name not in VOID:
            self.stack.append(name)

    def handle_startendtag(self, name, attrs):
        if "svg" not in self.stack:
            self.faults.append(f"<{name}/> outside a drawing")
        self.tags.append((name, dict(attrs)))
        self._check(name, dict(attrs))

    def handle_endtag(self, name):
        if not self.stack or self.stack[-1] != name:
            self.faults.append(f"</{name}> closes {self.stack[-1:]}")
        else:
            self.stack.pop()

    def handle_data(self, data):
        self.words.append(data)

    def _check(self, name, given):
        if "id" in given:
            self.ids.append(given["id"])
        if re.fullmatch("h[1-6]", name):
            self.headings.append(int(name[1]))
        if name in {"script", "iframe", "object", "embed", "link", "base", "img", "form"}:
            self.faults.append(f"<{name}> in the page")
        for key, value in given.items():
            if key in LOADS or key.startswith("on"):
                self.faults.append(f"{name} {key}={value}")
            if "url(" in (value or "") and "url(#" not in value:
                self.faults.append(f"{name} loads {value}")
        if "href" in given:
            self._check_link(name, given)
        if name == "th" and given.get("scope") not in {"row", "col"}:
            self.faults.append("<th> without scope")
        if (name == "svg" or given.get("role") in {"img", "region", "group"}) and not given.get(
            "aria-label"
        ):
            self.faults.append(f"<{name}> without a label")
        if name == "html" and given.get("lang") != "en":
            self.faults.append("no language")

    def _check_link(self, name, given):
        target = given["href"]
        self.links.append(target)
        if target.startswith("#"):
            return
        if name != "a" or not re.match("https?://", target):
            self.faults.append(f"{name} href={target}")
        elif "noopener" not in (given.get("rel") or ""):
            self.faults.append(f"{target} opens without noopener")


def faults_of(text):
    """Every breach in a page."""
    found = list(Page(text).faults)
    if not text.startswith("<!doctype html>"):
        found.append("no doctype")
    styles = "".join(re.findall(r"<style>(.*?)</style>", text, re.S))
    if re.search(r"@import|url\(|expression|</", styles):
        found.append("the styles load something")
    return found
