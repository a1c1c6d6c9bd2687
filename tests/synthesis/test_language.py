"""The author that is a model, with a model and a Hub on loopback: what is accepted, what is not, and what it costs."""

from __future__ import annotations

import json
import os
import random
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
from forty import FLAWED, GOOD
from hub_server import HubServer, hub  # noqa: F401 - a fixture
from stories import BROKEN, ROWS, Story, file_of, table

from synthgym.base.errors import ModelError, UserError
from synthgym.registry.challenge import load_challenge
from synthgym.registry.check import check_collection
from synthgym.synthesis.language.endpoint import Endpoint as Where
from synthgym.synthesis.language.prompts import prompts_hash
from synthgym.synthesis.ledger import Entry, funnel, read_ledger, stages
from synthgym.synthesis.pipeline import Recipe, Result, Running, synthesize

PRICE = {"price_prompt": 1.25, "price_completion": 10.0}
Fill = Callable[..., None]


@pytest.fixture(autouse=True)
def _works() -> None:
    needs("bubblewrap")


@pytest.fixture
def fill(hub: HubServer) -> Fill:  # noqa: F811
    """Puts the data sets of stories on the Hub, as far as they are there."""

    def fill(stories: list[Story]) -> None:
        for story in stories:
            if story.dataset == "generated" or story.flaw in ("missing", "model output"):
                continue
            files = {file_of(story): table(story)}
            if story.flaw == "script only":
                files = {"poems.py": b"raise SystemExit('this must never run')\n"}
            if story.flaw == "too large":
                files[file_of(story)] += b"\n" * 400_000
            licence = None if story.flaw == "no licence" else "cc-by-4.0"
            hub.add(story.dataset, files, licence=licence, gated=story.flaw == "gated")

    return fill


def recipe(**settings: Any) -> Recipe:
    return Recipe(
        seed=4,
        namespace="forty",
        author="openai:writer",
        split="train",
        settings={"attempts": 0, "rounds": 2, "restarts": 0, "most_mb": 0.3, **settings},
    )


def running(url: str, **changed: Any) -> Running:
    endpoint = Where(model="writer", base_url=url, attempts=4, timeout=20, **PRICE)
    return Running(**{"jobs": 2, "sandbox": "bubblewrap", "endpoint": endpoint, **changed})


def ends(entries: Any) -> dict[int, Entry]:
    return {entry.index: entry for entry in entries if entry.ended}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_forty_candidates_of_which_twelve_are_flawed(fill: Fill, tmp_path: Path) -> None:
    stories = [*GOOD, *FLAWED]
    random.Random(3).shuffle(stories)
    fill(stories)
    model = AuthorModel(stories, trouble=9)
    with Endpoint(model) as endpoint:
        result = synthesize(recipe(), 40, tmp_path / "out", running(endpoint.url))
    assert result.unfinished == {}
    accepted = {load_challenge(tmp_path / "out" / entry.id).title for entry in result.accepted}
    assert accepted == {story.title for story in GOOD}
    by_topic = {topic_of(result, index): entry for index, entry in ends(result.entries).items()}
    for story in FLAWED:
        assert (story.title, by_topic[story.topic].check) == (story.title, story.flaw)
        assert by_topic[story.topic].reason
    assert check_collection(tmp_path / "out") == []
    assert_mended(result, stories)
    assert_costs(result, model, endpoint)
    assert funnel(result.entries) == funnel(read_ledger(tmp_path / "out"))
    assert result.entries != ()
    one = load_challenge(tmp_path / "out" / result.accepted[0].id)
    assert (one.provenance.author, one.provenance.model) == ("openai", "writer")
    assert one.provenance.prompts_hash == prompts_hash()
    assert len(one.dataset.revision or "x" * 40) == 40


def topic_of(result: Result, index: int) -> str:
    """The topic of a candidate."""
    (topic,) = [entry.topic for entry in result.entries if entry.index == index and entry.stage == "topic"]
    return topic


def assert_mended(result: Result, stories: list[Story]) -> None:
    """Every kind of broken code failed with the check that it should, and was mended."""
    kinds = set()
    for index, end in ends(result.entries).items():
        (story,) = [story for story in stories if story.topic == topic_of(result, index)]
        if story.flaw:
            continue
        failed = [entry for entry in result.entries if entry.index == index and entry.outcome == "failed"]
        assert [entry.check for entry in failed] == [BROKEN[name].check for name in story.breaks], story.title
        assert end.round == len(story.breaks)
        kinds |= set(story.breaks)
    assert kinds == set(BROKEN)
    assert len(kinds) >= 8


def assert_costs(result: Result, model: AuthorModel, endpoint: Endpoint) -> None:
    """Every answer is paid once, and every token is in the ledger."""
    assert set(model.asked.values()) == {1}
    spent = [answer["usage"] for answer in endpoint.answered if "usage" in answer]
    prompt, completion = (sum(usage[f"{kind}_tokens"] for usage in spent) for kind in ("prompt", "completion"))
    assert sum(entry.tokens for entry in result.entries) == prompt + completion
    cost = (prompt * PRICE["price_prompt"] + completion * PRICE["price_completion"]) / 1e6
    assert sum(entry.cost for entry in result.entries) == pytest.approx(cost, abs=1e-4)
    assert sum(stage.cost for stage in stages(result.entries)) == pytest.approx(cost, abs=1e-4)
    (dear,) = [stage for stage in stages(result.entries) if stage.name == "debug"]
    assert dear.calls == sum(entry.calls for entry in result.entries if entry.stage == "debug")


# -- ended and taken up again ------------------------------------------------------------------------------------------

FEW = [GOOD[number] for number in (0, 1, 4, 17, 13)] + [FLAWED[number] for number in (1, 7)]
FEW_ARGUMENTS = ["--datasets", "hub", "--datasets", "generated", "--attempts", "0", "--rounds", "2", "--restarts", "0"]


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a collection; not the journal, whose order is that of chance."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def command(out: Path, url: str, n: int, *more: str) -> list[str]:
    author = f"openai:writer@{url}?price_prompt=1.25&price_completion=10"
    arguments = ["--author", author, "--n", str(n), "--out", str(out), "--namespace", "few", "--split", "train"]
    arguments += ["--seed", "4", "--jobs", "2", "--sandbox", "bubblewrap", *FEW_ARGUMENTS, *more]
    return [sys.executable, "-m", "synthgym.cli.main", "synthesize", *arguments]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_twenty_times_and_taken_up_again(fill: Fill, tmp_path: Path) -> None:
    fill(FEW)
    with Endpoint(AuthorModel(FEW)) as endpoint:
        subprocess.run(command(tmp_path / "whole", endpoint.url, len(FEW)), check=True, stdout=subprocess.DEVNULL)
    whole = snapshot(tmp_path / "whole")
    assert len(ends(read_ledger(tmp_path / "whole"))) == len(FEW)
    moments, kills, ended = random.Random(5), 0, 0
    model = AuthorModel(FEW)
    with Endpoint(model) as endpoint:
        while kills < 20:
            out = tmp_path / f"killed-{ended}"
            journal = out / ".journal.jsonl"
            on_file, before = answered_slots(journal), model.asked.copy()
            process = subprocess.Popen(command(out, endpoint.url, len(FEW)), stdout=subprocess.DEVNULL, cwd="/")
            size = journal.stat().st_size if journal.exists() else 0
            while process.poll() is None and (not journal.exists() or journal.stat().st_size == size):
                time.sleep(0.01)  # until it does something new
            time.sleep(moments.uniform(0, 0.6))
            if process.poll() is None:
                process.kill()
                kills += 1
            elif process.returncode == 0:
                assert snapshot(out) == whole
                ended += 1  # another one is begun
            process.wait()
            asked = {seed for seed, count in (model.asked - before).items() if count}
            assert not asked & on_file, "an answer that was on file was asked for again"
        subprocess.run(command(out, endpoint.url, len(FEW)), check=True, stdout=subprocess.DEVNULL, cwd="/")
    assert snapshot(out) == whole


def answered_slots(journal: Path) -> set[int]:
    """The seeds of the calls whose answers are on file."""
    from synthgym.base.seeds import derive_seed

    if not journal.exists():
        return set()
    lines = journal.read_text().split("\n")[:-1]
    keys = [json.loads(line)["key"] for line in lines]
    return {derive_seed("call", 4, key.removeprefix("call/")) >> 1 for key in keys if key.startswith("call/")}


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


def test_a_run_stops_when_it_has_spent_what_it_may(fill: Fill, tmp_path: Path) -> None:
    fill(FEW)
    out = tmp_path / "out"
    with Endpoint(AuthorModel(FEW[:2])) as endpoint:
        poor = synthesize(recipe(), 2, out, running(endpoint.url, most_tokens=4000, candidates=1))
        assert poor.accepted == []
        assert set(poor.unfinished) == {0}
        assert "of 4,000 tokens; the same command with a larger --max-tokens goes on" in poor.unfinished[0]
        asked = len(endpoint.requests)
        again = synthesize(recipe(), 2, out, running(endpoint.url, most_cost=0.000001, candidates=1))
        assert "--max-cost" in again.unfinished[0]
        assert len(endpoint.requests) == asked
        rich = synthesize(recipe(), 2, out, running(endpoint.url, most_cost=5.0))
    assert len(rich.accepted) == 2


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


def test_a_hub_that_does_not_answer_pauses_and_never_drops(
    hub: HubServer,  # noqa: F811
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
    free = Where(model="writer", base_url="http://127.0.0.1:9/v1")
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


def test_another_recipe_is_refused(fill: Fill, tmp_path: Path) -> None:
    fill(FEW)
    with Endpoint(AuthorModel(FEW[:1])) as endpoint:
        synthesize(recipe(), 1, tmp_path / "out", running(endpoint.url))
        with pytest.raises(UserError, match="rounds: 2 there, 3 asked for"):
            synthesize(recipe(rounds=3), 1, tmp_path / "out", running(endpoint.url))


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


def test_what_the_ledger_command_shows(fill: Fill, tmp_path: Path) -> None:
    fill(FEW)
    with Endpoint(AuthorModel(FEW)) as endpoint:
        synthesize(recipe(), 3, tmp_path / "out", running(endpoint.url))
    run = [sys.executable, "-m", "synthgym.cli.main", "ledger", str(tmp_path / "out")]
    environment = {**os.environ, "COLUMNS": "200"}
    shown = subprocess.run(run, capture_output=True, text=True, check=True, cwd="/", env=environment).stdout
    assert "3 of 3 candidates accepted (100%)" in shown
    data = json.loads(subprocess.run([*run, "--json"], capture_output=True, text=True, check=True, cwd="/").stdout)
    assert [stage["name"] for stage in data["stages"]] == ["topic", "proposal", "code", "verify", "debug"]
    assert data["cost_per_accepted"] == pytest.approx(data["cost"] / 3)
    assert data["stages"][3]["mended"] == 2
    assert all(stage["seconds"] is not None for stage in data["stages"])
