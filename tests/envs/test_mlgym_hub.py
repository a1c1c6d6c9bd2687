"""Tasks whose data set is on the Hub, played: what is told, what counts, what an agent can find. See `mlgym_hub`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest
import yaml
from hub_server import HubServer
from mlgym_checkout import registered
from mlgym_hub import (
    BASELINE,
    BASELINE_PAIRS,
    CLASSES,
    EVALUATE,
    EVALUATE_PAIRS,
    TEST,
    download,
    new_name,
    pairs_files,
    stripes_files,
    tiny_bert,
    write_hub_task,
)

from synthgym.base.errors import GraderError, MissingDependencyError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.mlgym.halves import read_halves
from synthgym.envs.sandboxes.docker import images
from synthgym.envs.workspace import prepare
from synthgym.registry.mlgym.index import mlgym_index
from synthgym.registry.mlgym.table import TABLE_VARIABLE

ROW = {"metric": "accuracy", "direction": "higher", "optimum": 1.0, "noise": 0.01, "answers": {"test": ["label"]}}

# The labels as they are in the agent's copy.
VISIBLE = """python - <<'END'
import pandas as pd
pd.read_parquet("data/test-00000-of-00001.parquet")[["label"]].to_csv("submission.csv", index=False)
END"""


@pytest.fixture(scope="module")
def repo() -> str:
    """A data set that is in the cache; its Hub is gone by the time it is used."""
    name = new_name("stripes")
    with HubServer() as hub:
        hub.add(name, stripes_files())
        download(hub, name)
    return name


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory, repo: str) -> Iterator[Path]:
    """A checkout that is registered: `stripes` reads files, `stripesByName` calls `load_dataset`."""
    folder = tmp_path_factory.mktemp("mlgymhub")
    root = folder / "checkout"
    write_hub_task(root, "stripes", repo)
    write_hub_task(root, "stripesByName", repo, BASELINE, EVALUATE)
    write_hub_task(root, "elsewhere", new_name("elsewhere"))
    table = folder / "table.yaml"
    heavy = ROW | {"image": "transformers"}
    pairs = heavy | {"answers": {"validation_matched": ["label"]}}
    rows = {"stripes": ROW, "stripesByName": heavy, "elsewhere": ROW, "pairs": pairs}
    table.write_text(yaml.safe_dump(rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(TABLE_VARIABLE, str(table))
        with registered(root):
            yield root


@pytest.fixture
def make(checkout: Path) -> Iterator[Callable[..., ChallengeEnv]]:
    made: list[Any] = []

    def make(task: str = "stripes", sandbox: str = "bubblewrap", **settings: Any) -> ChallengeEnv:
        env = gym.make(f"mlgym/{task}-v0", sandbox=sandbox, disable_env_checker=True, **settings).unwrapped
        assert isinstance(env, ChallengeEnv)
        made.append(env)
        env.reset(seed=0)
        return env

    yield make
    for env in made:
        env.close()


def hand_in(env: ChallengeEnv, labels: list[int]) -> tuple[str, dict[str, Any]]:
    """Hands in a table."""
    assert env._box is not None
    env._box.write("submission.csv", "\n".join(["label", *map(str, labels)]).encode())
    observation, *_, info = env.step("submit")
    return observation, info


def truth(env: ChallengeEnv) -> list[int]:
    """The answers, which no sandbox of an agent's has."""
    import pyarrow.parquet as pq

    prepared = prepare(env.challenge, env.folder, "bubblewrap")
    found: list[int] = pq.read_table(prepared.private / "test-00000-of-00001.parquet")["label"].to_pylist()
    return found


def test_one_that_was_not_downloaded_says_so(checkout: Path) -> None:
    with pytest.raises(MissingDependencyError, match=r"hf download --repo-type dataset u.*/elsewhere"):
        gym.make("mlgym/elsewhere-v0")


def test_by_mlgyms_protocol(make: Callable[..., ChallengeEnv], sealed: str) -> None:
    env = make(sandbox=sealed, protocol="mlgym")
    observation, *_, info = env.step("python baseline.py && validate")
    assert "baseline done" in observation
    assert info["metrics"]["rows"] == TEST, "all rows"
    assert info["scores"][0] > 0.55
    *_, info = env.step("submit")
    assert info["score"] == info["scores"][0]
    assert info["metrics"]["rows"] == TEST


def test_sealed_what_counts_is_the_other_half(make: Callable[..., ChallengeEnv], sealed: str) -> None:
    env = make(sandbox=sealed)
    answers, prepared = truth(env), prepare(env.challenge, env.folder, "bubblewrap")
    halves = read_halves(prepared)
    assert halves is not None
    told, counts = halves.rows["validate"], halves.rows["final"]
    assert not set(told) & set(counts)
    assert sorted(told + counts) == list(range(TEST))
    handed = list(answers)
    for row in told[:10]:  # wrong in the half that is told, and only there
        handed[row] = (handed[row] + 1) % 3
    assert env._box is not None
    env._box.write("submission.csv", "\n".join(["label", *map(str, handed)]).encode())
    *_, info = env.step("validate")
    assert info["scores"] == [round((len(told) - 10) / len(told), 2)]
    _, info = hand_in(env, handed)
    assert info["score"] == 1.0
    assert info["metrics"] == {"accuracy": 1.0, "rows": len(counts)}


def test_there_are_no_answers_in_the_agents_copy(make: Callable[..., ChallengeEnv], checkout: Path) -> None:
    env = make()
    answers = truth(env)
    observation, *_ = env.step(
        "python -c \"import pyarrow.parquet as p; t = p.read_table('data/test-00000-of-00001.parquet'); "
        "print(set(t['label'].to_pylist()), set(t['label_text'].to_pylist()), "
        "{cell['path'] for cell in t['img'].to_pylist()})\""
    )
    assert observation == "{0} {''} {None}"
    observation, *_ = env.step(
        "grep -rlE 'down/|across/' . ; find / -name '*.parquet' -not -path '/proc/*' 2>/dev/null; true"
    )
    assert sorted(observation.split()) == [
        "./data/train-00000-of-00001.parquet",
        "/home/agent/workspace/data/test-00000-of-00001.parquet",
        "/home/agent/workspace/data/train-00000-of-00001.parquet",
    ]
    env.step(VISIBLE)
    *_, info = env.step("submit")
    assert info["score"] == pytest.approx(answers.count(0) / len(answers), abs=0.1), "as good as always saying 0"


def test_the_briefing_says_so(make: Callable[..., ChallengeEnv], repo: str) -> None:
    briefing, _ = make().reset(seed=0)
    assert f'`load_dataset("{repo}")`' in briefing
    assert "The answers of the split test (column label) are not in it" in briefing
    assert "data/test-00000-of-00001.parquet" in briefing


@pytest.mark.parametrize(
    ("protocol", "rows", "words"),
    [("sealed", TEST - 1, f"expected {TEST} rows, got {TEST - 1}"), ("mlgym", TEST // 2, "wrong number of rows")],
)
def test_a_wrong_number_of_rows(make: Callable[..., ChallengeEnv], protocol: str, rows: int, words: str) -> None:
    observation, info = hand_in(make(protocol=protocol), [0] * rows)
    assert words in observation
    assert not info["submission"]["accepted"]


def test_halves_that_are_none(
    make: Callable[..., ChallengeEnv], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    env = make()
    prepared = prepare(env.challenge, env.folder, "bubblewrap")
    monkeypatch.setattr("synthgym.envs.mlgym.halves.LEAST_ROWS", TEST)
    assert read_halves(prepared) is None, "too small to say anything"
    monkeypatch.undo()
    for text in ("{", "{}", '{"validate": [0, 1], "final": [1, 2]}', '{"validate": 3, "final": []}'):
        folder = tmp_path / str(len(text)) / "halves"
        for phase in ("validate", "final"):
            (folder / phase).mkdir(parents=True)
        (folder / "rows.json").write_text(text)
        with pytest.raises(GraderError, match=r"halves: (cannot be read|expected two halves)"):
            read_halves(type(prepared)("", tmp_path, folder.parent, tmp_path))


def test_it_is_listed(checkout: Path) -> None:
    reasons = mlgym_index(checkout).reasons
    assert set(reasons) == {"elsewhere"}


def needs_transformers(sandbox: str) -> None:
    """Skips a test where the engine has no image of that name."""
    if sandbox == "docker" and not images.present("transformers"):
        pytest.skip("the engine has no image for it; build it with: synthgym images build transformers")


# -- by the name, with `datasets` -------------------------------------------------------------------------------------

LOOK = """python - <<'END'
from datasets import load_dataset
found = load_dataset({name!r})
print({{split: len(rows) for split, rows in found.items()}}, found["test"].features["label"].names)
print(found["test"][0]["img"].size, set(found["test"]["label"]), sorted(set(found["train"]["label"])))
END"""


@pytest.mark.slow
def test_by_name(make: Callable[..., ChallengeEnv], sealed: str, repo: str) -> None:
    """A starter and an evaluator that know the data set's name only, as MLGym's do."""
    needs_transformers(sealed)
    env = make("stripesByName", sealed, protocol="mlgym")
    observation, *_ = env.step(LOOK.format(name=repo))
    assert f"{{'test': {TEST}, 'train': 240}} {list(CLASSES)}" in observation.replace('"', "'"), observation
    assert "(8, 8) {0} [0, 1, 2]" in observation
    observation, *_, info = env.step("python baseline.py && validate")
    assert "baseline done" in observation, observation
    assert info["metrics"]["rows"] == TEST
    assert info["scores"][0] > 0.55
    *_, info = env.step("submit")
    assert info["score"] == info["scores"][0]


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Iterator[str]:
    """A task like MNLI's, in the same checkout, but of which a table is handed in; gives its model's name."""
    name, model = new_name("pairs"), f"bert-{new_name('x')[1:9]}"
    with HubServer() as hub:
        hub.add(name, pairs_files())
        hub.add(f"google-bert/{model}", tiny_bert(tmp_path_factory.mktemp("bert")))
        download(hub, name)
        download(hub, f"google-bert/{model}", "model")
    codes = [
        text.replace("{model!r}", repr(model)).replace("{short!r}", "'pairs'")
        for text in (BASELINE_PAIRS, EVALUATE_PAIRS)
    ]
    write_hub_task(checkout, "pairs", name, *codes)
    with registered(checkout):
        yield model


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_model_by_its_name(make: Callable[..., ChallengeEnv], sealed: str, pairs: str) -> None:
    """A data set by its name without an owner, a model by its name, both without a network."""
    needs_transformers(sealed)
    env = make("pairs", sealed)
    observation, *_ = env.step(f"python baseline.py; ls {pairs}")
    assert "baseline done" in observation, observation
    files = ["config.json", "model.safetensors", "tokenizer_config.json", "vocab.txt"]
    assert observation.split()[-len(files) :] == files, "nothing that is unpickled"
    *_, info = env.step("validate")
    assert len(info["scores"]) == 1
    *_, info = env.step("submit")
    assert 0 <= info["score"] <= 1
    assert info["metrics"] == {"accuracy": info["score"], "words": 5, "weights": False}
