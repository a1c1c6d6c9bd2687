"""The author that is a model: ended and taken up again, with what it depends on failing, and with data of one's own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from author_model import AuthorModel
from endpoint import Answer, Endpoint, failure, reply
from endpoint import command as command_of
from env_fixtures import needs
from forty import GOOD
from hub_server import HubServer
from runs import FEW, command, ends, recipe, running
from stories import ROWS, table

from synthgym.agents.endpoint.endpoint import Endpoint as Where
from synthgym.base.errors import ModelError, UserError
from synthgym.base.progress import Silent
from synthgym.registry.challenge import load_challenge
from synthgym.registry.collections.check import check_collection
from synthgym.synthesis.language.endpoint import AuthorSettings
from synthgym.synthesis.ledger import read_ledger
from synthgym.synthesis.pipeline import synthesize
from synthgym.synthesis.recipe import Running

Fill = Callable[..., None]


@pytest.fixture(autouse=True)
def _works() -> None:
    needs("bubblewrap")


# -- ended and taken up again ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_interrupted_it_stops_at_once_and_goes_on(fill: Fill, tmp_path: Path) -> None:
    fill(FEW)
    out = tmp_path / "out"
    with Endpoint(AuthorModel(FEW[:2])) as endpoint:
        process = subprocess.Popen(command(out, endpoint.url, 2), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        while not (out / ".journal.jsonl").exists() or b"write/" not in (out / ".journal.jsonl").read_bytes():
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=15)
        assert process.returncode == 130, said
        assert b"Traceback" not in said
        done = subprocess.run(command(out, endpoint.url, 2, "--json"), capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["accepted"] == 2


@pytest.mark.slow
def test_a_run_stops_when_it_has_spent_what_it_may(fill: Fill, tmp_path: Path) -> None:
    fill(FEW)
    out = tmp_path / "out"
    with Endpoint(AuthorModel(FEW[:2])) as endpoint:
        poor = synthesize(recipe(), 2, out, running(endpoint.url, most_tokens=4000, candidates=1))
        assert poor.accepted == []
        assert set(poor.unfinished) == {0, 1}
        assert "of 4,000 tokens; the same command with a larger --max-tokens goes on" in poor.unfinished[0]
        asked = len(endpoint.requests)
        none = synthesize(recipe(), 1, tmp_path / "none", running(endpoint.url, most_tokens=0))
        assert list(none.unfinished) == [0], "not even topics were asked for"
        again = synthesize(recipe(), 2, out, running(endpoint.url, most_cost=0.000001, candidates=1))
        assert "--max-cost" in again.unfinished[0]
        assert len(endpoint.requests) == asked
        rich = synthesize(recipe(), 2, out, running(endpoint.url, most_cost=5.0))
    assert len(rich.accepted) == 2


@pytest.mark.slow
def test_a_longer_run_keeps_what_is_there(fill: Fill, tmp_path: Path) -> None:
    fill(FEW)
    model = AuthorModel(FEW)
    with Endpoint(model) as endpoint:
        short = synthesize(recipe(), 1, tmp_path / "out", running(endpoint.url))
        long = synthesize(recipe(), 2, tmp_path / "out", running(endpoint.url))
    assert long.resumed == 1
    assert replace(long.accepted[0], seconds=None) == replace(short.accepted[0], seconds=None)
    assert len(long.accepted) == 2
    assert set(model.asked.values()) == {1}


# -- infrastructure that fails -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_hub_that_does_not_answer_pauses_and_never_drops(
    hub: HubServer,
    fill: Fill,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(FEW)
    out = tmp_path / "out"
    with Endpoint(AuthorModel(FEW[:1])) as endpoint:
        hub.fail(503)
        paused = synthesize(recipe(), 1, out, running(endpoint.url))
        assert paused.entries == ()
        assert "HubError" in paused.unfinished[0]
        hub.heal()
        assert len(synthesize(recipe(), 1, out, running(endpoint.url)).accepted) == 1


@pytest.mark.slow
def test_a_model_that_does_not_answer_pauses(fill: Fill, tmp_path: Path) -> None:
    fill(FEW)
    model = AuthorModel(FEW[:1])
    down = [True]

    def answer(request: dict[str, Any]) -> Answer:
        if down[0] and "Propose" in str(request["messages"]):
            return failure(500, "down")
        return model(request)

    with Endpoint(answer) as endpoint:
        paused = synthesize(recipe(), 1, tmp_path / "out", running(endpoint.url))
        assert paused.unfinished[0].startswith("ModelError: model 'writer'")
        assert read_ledger(tmp_path / "out") == []
        down.clear()
        down.append(False)
        assert len(synthesize(recipe(), 1, tmp_path / "out", running(endpoint.url)).accepted) == 1


def test_a_wrong_key_ends_the_run_with_a_word(fill: Fill, tmp_path: Path) -> None:
    with Endpoint(lambda request: failure(401, "Incorrect API key provided")) as endpoint:
        done = subprocess.run(command(tmp_path / "out", endpoint.url, 3), capture_output=True, text=True, cwd="/")
    assert done.returncode != 0
    assert "OPENAI_API_KEY" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(endpoint.requests) <= 2


def test_a_limit_in_dollars_needs_a_price(tmp_path: Path) -> None:
    free = Where("writer", "http://127.0.0.1:9/v1", AuthorSettings())
    with pytest.raises(UserError, match=r"--max-cost: the model's price is not known.*price_prompt"):
        synthesize(recipe(), 1, tmp_path / "out", Running(endpoint=free, most_cost=1.0))
    assert not (tmp_path / "out").exists()


def test_topics_that_are_never_new_end_the_run(tmp_path: Path) -> None:
    same = json.dumps({"topics": ["The price of used cars from their age."] * 10})
    with (
        Endpoint(
            lambda request: reply(same) if "Name" in str(request["messages"][1]) else failure(500, "x")
        ) as endpoint,
        pytest.raises((UserError, ModelError), match="named none that is new in 4 batches, after 1"),
    ):
        synthesize(recipe(), 3, tmp_path / "out", running(endpoint.url, candidates=1))


def test_topics_that_failed_do_not_lock_the_folder(fill: Fill, tmp_path: Path) -> None:
    fill(FEW)
    out = tmp_path / "out"
    model, mended = AuthorModel(FEW[:1]), []
    with Endpoint(lambda request: model(request) if mended else reply("no")) as endpoint:
        for asked in (4, 8):
            with pytest.raises(UserError, match=r"none that is new in 4 batches.*expected a JSON object"):
                synthesize(recipe(), 1, out, running(endpoint.url))
            assert len(endpoint.requests) == asked, "the same command asks for others"
        with pytest.raises(UserError, match="none that is new"):
            synthesize(recipe(domains=["sports"]), 1, out, running(endpoint.url))
        spent = running(endpoint.url, most_tokens=1)
        assert "the same command with a larger" in synthesize(recipe(), 1, out, spent).unfinished[0], "it counts still"
        mended.append(True)
        assert len(synthesize(recipe(), 1, out, running(endpoint.url)).accepted) == 1
        with pytest.raises(UserError, match=r"domains: \[\] there"):
            synthesize(recipe(domains=["sports"]), 1, out, running(endpoint.url))


def test_another_recipe_is_refused(fill: Fill, tmp_path: Path) -> None:
    fill(FEW)
    with Endpoint(AuthorModel(FEW[:1])) as endpoint:
        synthesize(recipe(), 1, tmp_path / "out", running(endpoint.url))
        with pytest.raises(UserError, match="rounds: 2 there, 3 asked for"):
            synthesize(recipe(rounds=3), 1, tmp_path / "out", running(endpoint.url))


# -- what was proposed, and what was there before ----------------------------------------------------------------------


class FirstIsLast(AuthorModel):
    """Its answers for the first candidate take longer than those for all others."""

    def __call__(self, request: dict[str, Any]) -> Answer:
        prompt = str(request["messages"][1]["content"])
        if self.stories[0].topic in prompt and not prompt.startswith("Name "):
            time.sleep(0.5)
        return super().__call__(request)


@pytest.mark.slow
def test_twins_are_found_before_they_are_verified(fill: Fill, tmp_path: Path) -> None:
    """One challenge under four topics and titles, beside another one of the same data with another target's metric.

    All are under way at once.
    """
    first = GOOD[18]
    told = ("Late freight at the border.", "Waiting of goods wagons, for planners.", "When will the cargo cross?")
    twins = [replace(first, topic=text, title=text.partition(",")[0].strip(".?")) for text in told]
    stories = [first, *twins, GOOD[21]]
    fill(stories)
    with Endpoint(FirstIsLast(stories)) as endpoint:
        asked = recipe(topics=[story.topic for story in stories], restarts=1, p_debug=1.0)
        result = synthesize(asked, 5, tmp_path / "out", running(endpoint.url, candidates=5))
    last = ends(result.entries)
    assert [last[index].outcome for index in range(5)] == ["accepted", *["rejected"] * 3, "accepted"]
    for index in (1, 2, 3):
        assert (last[index].stage, last[index].check) == ("twins", "duplicate")
        assert f"a twin of {last[0].id}" in (last[index].reason or "")
        assert "verify" not in {entry.stage for entry in result.entries if entry.index == index}
    assert sorted(
        path.name for path in (tmp_path / "out").iterdir() if path.is_dir() and path.name[0] != "."
    ) == sorted([last[0].id, last[4].id])


def test_a_twin_of_what_an_earlier_run_made(fill: Fill, tmp_path: Path) -> None:
    stories = [GOOD[18], replace(GOOD[18], topic="Late freight at the border.", title="Late freight")]
    fill(stories)
    with Endpoint(AuthorModel(stories)) as endpoint:
        asked = recipe(topics=[story.topic for story in stories])
        short = synthesize(asked, 1, tmp_path / "out", running(endpoint.url))
        long = synthesize(asked, 2, tmp_path / "out", running(endpoint.url))
    (made,) = short.accepted
    assert f"a twin of {made.id}" in (ends(long.entries)[1].reason or "")
    assert ends(long.entries)[1].stage == "twins"


def test_a_split_that_is_not_as_declared_is_mended(fill: Fill, tmp_path: Path) -> None:
    (story,) = [story for story in GOOD if story.grouped]
    fill([story])
    with Endpoint(AuthorModel([story])) as endpoint:
        result = synthesize(recipe(), 1, tmp_path / "out", running(endpoint.url))
    (failed,) = [entry for entry in result.entries if entry.outcome == "failed"]
    assert (failed.stage, failed.check) == ("verify", "split")
    assert "of the 9" in (failed.reason or "")
    assert "groups of test.csv are in train.csv too" in (failed.reason or "")
    assert ends(result.entries)[0].outcome == "accepted"
    asked = [str(request["messages"][1]["content"]) for request in endpoint.requests]
    assert any("Keep the column site under this name" in prompt for prompt in asked)


# -- sources without the Hub -------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of data sets of one's own."""
    found = tmp_path / "mine"
    (found / "hives").mkdir(parents=True)
    (found / "wheat.csv").write_bytes(table(GOOD[0]))
    (found / "wheat.csv.licence").write_text("CC0-1.0\n")
    (found / "hives" / "hives.csv").write_bytes(table(GOOD[4]))
    (found / "notes.md").write_text("not a table")
    return found


def test_tables_of_ones_own(folder: Path, tmp_path: Path) -> None:
    mine = [replace(GOOD[0], dataset="wheat.csv"), replace(GOOD[4], dataset="hives", breaks=())]
    offered = []
    model = AuthorModel(mine, files={"wheat.csv": "wheat.csv", "hives": "hives.csv"})

    def answer(request: dict[str, Any]) -> Answer:
        prompt = str(request["messages"][1]["content"])
        if prompt.startswith("Propose"):
            offered.append(prompt)
        return model(request)

    out = tmp_path / "out"
    with Endpoint(answer) as endpoint:
        topics = {"topics": [story.topic for story in mine]}
        result = synthesize(recipe(datasets=[str(folder)], **topics), 5, out, running(endpoint.url))
    assert [(end.outcome, end.reason) for end in ends(result.entries).values()] == [("accepted", None)] * 2
    assert result.unfinished == {}
    assert f"wheat.csv: wheat.csv: {ROWS} rows; columns row, rain, nitrogen" in offered[0]
    assert "Hugging Face" not in offered[0]
    wheat = load_challenge(out / result.accepted[0].id)
    assert (wheat.dataset.source, wheat.dataset.path, wheat.dataset.licence) == ("local", "data", "CC0-1.0")
    assert (out / wheat.id / "data" / "wheat.csv").read_bytes() == table(GOOD[0])
    assert check_collection(out) == []


class Told(Silent):
    """Keeps what is said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        """Takes a line."""
        self.lines.append(text)


def test_topics_for_tables_of_ones_own(folder: Path, tmp_path: Path) -> None:
    """They are asked for with the tables in view; what was understood of every file is told."""
    mine = [replace(GOOD[0], dataset="wheat.csv"), replace(GOOD[4], dataset="hives", breaks=())]
    prompts = []
    model = AuthorModel(mine, files={"wheat.csv": "wheat.csv", "hives": "hives.csv"})

    def answer(request: dict[str, Any]) -> Answer:
        prompts.append(str(request["messages"][1]["content"]))
        return model(request)

    told, out = Told(), tmp_path / "out"
    with Endpoint(answer) as endpoint:
        result = synthesize(recipe(datasets=[str(folder)]), 2, out, running(endpoint.url), told)
    assert [end.outcome for end in ends(result.entries).values()] == ["accepted"] * 2
    asked = next(prompt for prompt in prompts if prompt.startswith("Name 10 topics"))
    assert f"\n- wheat.csv: wheat.csv: {ROWS} rows; columns row, rain, nitrogen" in asked
    assert "; numbers: row, rain, nitrogen" in asked
    assert len(re.findall(r"^\d+\. data set: (?:wheat.csv|hives); task: ", asked, re.MULTILINE)) == 10
    proposing = [prompt for prompt in prompts if prompt.startswith("Propose")]
    assert len(proposing) >= 2
    assert all(re.search(r"^The topic was named with (wheat.csv|hives) in view", each, re.M) for each in proposing)
    hives, notes, wheat = told.lines[:3]
    assert re.fullmatch(rf"hives/hives.csv: {ROWS} rows, \d columns", hives)
    assert notes.startswith("notes.md: not offered: expected files that end in ")
    assert re.fullmatch(rf"wheat.csv: {ROWS} rows, \d columns", wheat)


@pytest.mark.parametrize("where", ["nowhere", "empty"])
def test_a_folder_without_tables_is_refused(where: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="--datasets"):
        synthesize(recipe(datasets=[str(tmp_path / where)]), 1, tmp_path / "out", running("http://127.0.0.1:9/v1"))
    assert not (tmp_path / "out").exists()


def test_an_agent_tries_what_was_verified(fill: Fill, tmp_path: Path) -> None:
    """Its episodes are paid once too, and what they cost is in the ledger; here they are those of a model."""
    fill(FEW)
    out = tmp_path / "out"
    commands = ["sed -n 1,5p baseline.py", BETTER, "python baseline.py && validate", "submit"]

    def act(request: dict[str, Any]) -> Answer:
        turn = sum(message["role"] == "assistant" for message in request["messages"])
        return reply(command_of(commands[turn]), prompt_tokens=100, completion_tokens=10)

    with Endpoint(AuthorModel(FEW[:1])) as endpoint, Endpoint(act) as player:
        agent = f"player=chat:player@{player.url}?price_prompt=1&price_completion=1"
        asked = recipe(attempts=2, agent=agent)
        poor = synthesize(asked, 1, out, running(endpoint.url, most_tokens=9_000, candidates=1, jobs=1))
        assert "--max-tokens" in poor.unfinished.get(0, ""), poor
        episodes = len(player.requests)
        rich = synthesize(asked, 1, out, running(endpoint.url, jobs=1))
    assert len(player.requests) == 2 * len(commands)
    assert episodes in (0, len(commands))
    (entry,) = [entry for entry in rich.entries if entry.stage == "attempts"]
    assert (entry.outcome, entry.tokens) == ("accepted", 2 * len(commands) * 110)
    found = load_challenge(out / entry.id)
    assert (found.calibration.attempts, found.calibration.solve_rate) == (2, 1.0)
    assert found.calibration.time_to_first_improvement == 3
    assert check_collection(out) == []


BETTER = r"""python - <<'END'
import re
text = open("baseline.py").read()
columns = 'Z, *(Z[:, [i]] * Z[:, i:] for i in range(Z.shape[1]))'
open("baseline.py", "w").write(re.sub(r"Z\[:, \d:\d\]", columns, text))
END"""


@pytest.mark.slow
def test_what_the_ledger_command_shows(fill: Fill, tmp_path: Path) -> None:
    fill(FEW)
    with Endpoint(AuthorModel(FEW)) as endpoint:
        synthesize(recipe(), 3, tmp_path / "out", running(endpoint.url))
    run = [sys.executable, "-m", "synthgym.cli.main", "ledger", str(tmp_path / "out")]
    environment = {**os.environ, "COLUMNS": "200"}
    shown = subprocess.run(run, capture_output=True, text=True, check=True, cwd="/", env=environment).stdout
    assert "3 of 3 candidates accepted (100%)" in shown
    data = json.loads(subprocess.run([*run, "--json"], capture_output=True, text=True, check=True, cwd="/").stdout)
    assert [stage["name"] for stage in data["stages"]] == ["topic", "proposal", "code", "twins", "verify", "debug"]
    assert data["cost_per_accepted"] == pytest.approx(data["cost"] / 3)
    assert data["stages"][4]["mended"] == 2
    assert all(stage["seconds"] is not None for stage in data["stages"])
