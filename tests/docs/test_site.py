"""The docs as a site: built without a warning, whole without a network, and short ways to what people ask first."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from doc_pages import ROOT

pytestmark = pytest.mark.slow

QUESTIONS = {
    "How do I plug in my agent?": "getting-started/benchmarking-agents.html#plug-in-your-agent",
    "What does this reward mean?": "getting-started/reinforcement-learning.html#what-the-reward-means",
    "How do I make my own challenge?": "getting-started/making-challenges.html#a-challenge-by-hand",
    "What does this word mean?": "glossary.html",
    "What does this error mean?": "reference/errors.html",
    "Which options does a command have?": "reference/commands.html",
}
FURTHER = {
    "every setting of a model": "reference/agents.html",
    "how a reward is counted": "guides/environments.html#rewards",
    "every field of a spec": "reference/challenge.html",
    "every key of info": "reference/info.html",
    "the format of a submission": "guides/challenges.html#submissions",
}
"""What two clicks lead to."""


class Page(HTMLParser):
    """What a page of HTML links to, loads, and has anchors of."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.links: dict[str, str] = {}
        self.loaded: list[str] = []
        self.ids: set[str] = set()
        self._link = self._text = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        self.ids.add(found.get("id", ""))
        if tag == "a":
            self._link, self._text = found.get("href", ""), ""
        if tag in ("script", "img", "iframe", "source"):
            self.loaded.append(found.get("src", ""))
        if tag == "link" and found.get("rel") not in ("prev", "next", "canonical"):
            self.loaded.append(found.get("href", ""))

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link:
            self.links[self._link] = " ".join(self._text.split())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """All but the one for addresses that lead nowhere, which a server shows at any of them."""
    return {path.relative_to(site).as_posix(): Page(path) for path in site.rglob("*.html") if path.name != "404.html"}


def targets(pages: dict[str, Page], name: str) -> dict[str, str]:
    """Where the links of a page lead within the site, and what they are called."""
    found = {}
    for link, text in pages[name].links.items():
        if not re.match(r"\w+:", link):
            place, _, anchor = link.partition("#")
            path = os.path.normpath(os.path.join(os.path.dirname(name), place)) if place else name
            found[f"{path}#{anchor}" if anchor else path] = text
    return found


def test_every_page_is_there(site: Path) -> None:
    written = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")}
    assert [path for path in written if not (site / path).is_file()] == []
    assert len(list((site / "reference").rglob("*.html"))) >= 15


def test_links_and_anchors_lead_somewhere(pages: dict[str, Page]) -> None:
    for name in pages:
        for target in targets(pages, name):
            place, _, anchor = target.partition("#")
            if place.endswith(".html"):
                assert place in pages, f"{name}: {target}"
                assert not anchor or anchor in pages[place].ids, f"{name}: {target}"


def test_nothing_is_asked_of_other_hosts(site: Path, pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert [place for place in page.loaded if re.match(r"(?:\w+:)?//", place)] == [], name
        for place in (place.partition("?")[0] for place in page.loaded if place):
            assert (site / os.path.dirname(name) / place).exists(), f"{name}: {place}"
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\(\s*[\"']?(?:https?:)?//", sheet.read_text(encoding="utf-8")), sheet
    assert "Plug in your agent" in (site / "search" / "search_index.js").read_text(encoding="utf-8")


def test_what_people_ask_first_is_a_click_away(pages: dict[str, Page]) -> None:
    start = targets(pages, "index.html")
    assert {text: target for target, text in start.items() if text.endswith("?")} == QUESTIONS


def test_the_rest_is_two_clicks_away(pages: dict[str, Page]) -> None:
    near = {target.partition("#")[0] for target in targets(pages, "index.html")} & {*pages}
    reached = {target for name in near for target in targets(pages, name)}
    assert {what: target for what, target in FURTHER.items() if target not in reached} == {}


def test_the_reference_has_all_of_it(pages: dict[str, Page]) -> None:
    """A few of each kind: what the code says nothing of ends the build."""
    text = {name: page.path.read_text(encoding="utf-8") for name, page in pages.items()}
    assert {"rollout", "train-sft", "images-build"} <= pages["reference/commands.html"].ids
    assert {"dataset", "budget", "provenance"} <= pages["reference/challenge.html"].ids
    for key in ("steps_left", "improvement", "challenge_hash", "infrastructure_error"):
        assert f"<code>{key}</code>" in text["reference/info.html"]
    for name in ("HubRefused", "AdapterDoesNotFit", "NotAsStated"):
        assert f"<code>{name}</code>" in text["reference/errors.html"]
    assert "synthgym.ChallengeEnv.finish" in pages["reference/python/synthgym.html"].ids
