"""Drafts of the procedural author, their own scripts run in plain folders: no sandbox, no grader."""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn

from synthgym.base.errors import UnknownNameError
from synthgym.registry.challenge import load_challenge
from synthgym.registry.metrics import get_metric
from synthgym.synthesis.draft import Draft
from synthgym.synthesis.families import FAMILIES
from synthgym.synthesis.families.games import opponents
from synthgym.synthesis.families.render import TEMPLATES, data, rename
from synthgym.synthesis.families.tabular import bundled, generated, layouts
from synthgym.synthesis.families.tabular.settings import CONCEPTS
from synthgym.synthesis.families.tabular.starters import CORES
from synthgym.synthesis.procedural import author, draft, family_of

SPLITS = ("train", "heldout")
BUNDLED = Path(sklearn.__file__).parent / "datasets" / "data"
THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def digest(made: Draft) -> str:
    parts = [made.challenge.to_yaml().encode(), *(name.encode() + body for name, body in sorted(made.files.items()))]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def workspace(made: Draft) -> dict[str, str]:
    return {name: body.decode() for name, body in made.files.items() if name.startswith("workspace/")}


@pytest.fixture(scope="module")
def hundred() -> list[Draft]:
    return list(author(100, seed=0))


# -- what is drafted ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_draft_is_a_function_of_seed_and_index_in_any_process(hundred: list[Draft]) -> None:
    script = (
        "from synthgym.synthesis.procedural import draft; from test_families import digest\n"
        "print([digest(draft(i, 0)) for i in (99, 3, 40)])"
    )
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(Path(__file__).parent)}
        out = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        assert out.stdout.strip() == str([digest(hundred[i]) for i in (99, 3, 40)])


def test_another_seed_gives_other_drafts(hundred: list[Draft]) -> None:
    assert not {digest(made) for made in hundred[:8]} & {digest(made) for made in author(8, seed=1)}


def test_no_two_of_a_hundred_are_alike(hundred: list[Draft]) -> None:
    assert len({made.challenge.id for made in hundred}) == 100
    assert len({made.files["grader/prepare.py"] for made in hundred}) == 100
    assert len({made.challenge.description for made in hundred}) == 100
    assert len({json.dumps(workspace(made), sort_keys=True) for made in hundred}) == 100
    assert len({made.challenge.metric.name for made in hundred}) >= 8
    assert len({name for made in hundred for name in made.files}) >= 40


def test_ids_of_a_long_collection_differ() -> None:
    from synthgym.synthesis.candidate_numbers import identity

    for seed in (0, 5):
        assert len({identity(index, seed) for index in range(0, 80_000, 3)}) == len(range(0, 80_000, 3))


def test_a_written_draft_loads_and_is_not_verified_yet(tmp_path: Path, hundred: list[Draft]) -> None:
    for made in hundred[:20]:
        made.write(tmp_path / made.challenge.id)
        loaded = load_challenge(tmp_path / made.challenge.id)
        assert loaded == made.challenge
        assert not loaded.verified
        assert (loaded.provenance.author, loaded.provenance.seed, loaded.provenance.date) == ("procedural", 0, None)
        for name, body in made.files.items():
            assert (tmp_path / made.challenge.id / name).read_bytes() == body


def test_texts_are_short_and_scripts_are_python(hundred: list[Draft]) -> None:
    for made in hundred:
        assert len(made.challenge.description) <= 450
        assert sum(len(text) for text in workspace(made).values()) < 2500
        for name, body in made.files.items():
            assert b"\r" not in body
            if name.endswith(".py"):
                code = compile(body, name, "exec")
                assert code
                assert not [line for line in body.decode().split("\n") if line != line.rstrip()]


def test_the_workspace_names_what_the_description_speaks_of(hundred: list[Draft]) -> None:
    for made in hundred:
        files = {name.removeprefix("workspace/") for name in workspace(made)}
        command = made.challenge.baseline.command
        assert command == "true" or command.split()[-1] in files
        text = made.challenge.description
        said = [word.strip("`.,:;") for word in text.split() if word.strip("`.,:;").endswith((".py", ".json", ".ini"))]
        assert set(said) <= files


def test_no_answer_stands_in_the_workspace(hundred: list[Draft]) -> None:
    for made in hundred:
        for text in workspace(made).values():
            assert "SOURCE" not in text
            assert "sklearn" not in text
            assert "emit" not in text


def test_the_author_needs_no_heavy_library() -> None:
    script = (
        "import sys; from synthgym.synthesis.procedural import author; list(author(8, 0))\n"
        "print(sorted({'sklearn', 'pandas', 'torch', 'scipy'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_a_family_and_a_split_can_be_asked_for() -> None:
    assert {made.challenge.submission.kind for made in author(6, 3, families=["games"])} == {"module"}
    assert {made.challenge.split for made in author(6, 3, split="heldout")} == {"heldout"}
    both = list(author(16, 3))
    assert {(made.challenge.split, made.challenge.submission.kind) for made in both} == {
        (split, kind) for split in SPLITS for kind in ("file", "module")
    }
    with pytest.raises(UnknownNameError, match="did you mean 'games'"):
        draft(0, 0, families=["game"])
    with pytest.raises(UnknownNameError, match="split"):
        draft(0, 0, split="test")


# -- the two splits ----------------------------------------------------------------------------------------------------


def test_a_source_belongs_to_one_split() -> None:
    seen: dict[str, set[str]] = {
        split: {
            source
            for made in author(120, 7, split=split)
            for source in [*made.challenge.dataset.files, made.challenge.id.split("-")[0]]
        }
        for split in SPLITS
    }
    assert "digits.csv.gz" in seen["train"]
    assert "diabetes_target.csv.gz" in seen["heldout"]
    assert not seen["train"] & seen["heldout"]
    assert not set(bundled.KINDS["train"]) & set(bundled.KINDS["heldout"])


def test_heldout_has_words_generators_and_layouts_of_its_own() -> None:
    for name in ("tabular/themes.yaml", "games/stories.yaml"):
        slugs = [{entry["slug"] for entry in data(name)[split]} for split in SPLITS]
        assert not slugs[0] & slugs[1]
    assert set(generated.KINDS["heldout"]) - set(generated.KINDS["train"])
    assert set(layouts.LAYOUTS["heldout"]) - set(layouts.LAYOUTS["train"])
    assert all(concept.rare for concept in CONCEPTS.values())


def test_word_lists_hold_words() -> None:
    """YAML reads no, yes, on and off as truth values."""
    for split in SPLITS:
        for theme in data("tabular/themes.yaml")[split]:
            assert len(theme["columns"]) == len(set(theme["columns"])) >= 12
            for word in [*theme["columns"], theme["value"], *itertools.chain(*theme["labels"])]:
                assert isinstance(word, str)
        for story in data("games/stories.yaml")[split]:
            assert all(isinstance(move, str) for move in itertools.chain(*story["moves"]))


def test_renaming_is_of_whole_names_and_all_at_once() -> None:
    names = {"X": "A", "A": "X", "Q": "X_test"}
    assert rename('A = X[:, 1] + S.X + "X" + XX + Q', names) == 'X = A[:, 1] + S.X + "X" + XX + X_test'


# -- tables ------------------------------------------------------------------------------------------------------------


def run(command: str, folder: Path, **environment: str) -> str:
    """Runs a command as the sandbox would, with this interpreter as `python`."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    result = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={"PATH": path, **THREADS, **environment},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, f"{command}: {result.stderr[-800:]}"
    return result.stdout


def rows_of(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


class Table:
    """A tabular draft on disk, prepared."""

    def __init__(self, made: Draft, folder: Path) -> None:
        self.challenge, self.files, self.folder = made.challenge, made.files, folder / made.challenge.id
        made.write(self.folder)
        self.private, self.source = self.folder / "private", self.folder / "source"
        self.private.mkdir()
        self.source.mkdir()
        for name in made.challenge.dataset.files:
            shutil.copy(BUNDLED / name, self.source)
        self.public = self.folder / "workspace" / "data"
        self.public.mkdir()
        self.prepare(self.public, self.private)

    def prepare(self, public: Path, private: Path) -> None:
        environment = {"PUBLIC": str(public), "PRIVATE": str(private), "SOURCE": str(self.source)}
        run("python grader/prepare.py", self.folder, **environment)

    def score(self, path: Path) -> float:
        metric = get_metric(self.challenge.metric.name)
        header, rows = rows_of(path)
        columns, truth = rows_of(self.private / "labels.csv")
        assert header == columns == self.challenge.submission.columns
        assert len(rows) == len(truth)
        if metric.kind == "label":
            return metric(np.array(truth)[:, 0], np.array(rows)[:, 0])
        given, wanted = np.array(rows, dtype=float), np.array(truth, dtype=float)
        assert np.isfinite(given).all()
        if metric.kind == "value":
            return metric(wanted[:, 0], given[:, 0])
        if given.shape[1] > 1:
            assert np.allclose(given.sum(1), 1, atol=1e-3)
        return metric(wanted, given)


CHOSEN = [(split, index) for split in SPLITS for index in range(7)]


@pytest.mark.sample(4)
@pytest.mark.parametrize(("split", "index"), CHOSEN)
def test_a_table_is_prepared_started_and_solved(split: str, index: int, tmp_path: Path) -> None:
    table = Table(draft(index, 11, families=["tabular"], split=split), tmp_path)
    challenge = table.challenge
    header, answers = rows_of(table.private / "labels.csv")
    assert header == challenge.submission.columns
    assert len(answers) >= 200
    assert table.score(table.private / "labels.csv") == pytest.approx(challenge.metric.optimum)
    (train_rows, test_rows) = sorted(
        (rows_of(path) for path in table.public.iterdir()), key=lambda table: len(table[0]), reverse=True
    )
    assert set(test_rows[0]) < set(train_rows[0])
    assert len(test_rows[1]) == len(answers)

    workspace = table.folder / "workspace"
    run(challenge.baseline.command, workspace, SEED="0")
    baseline = table.score(workspace / challenge.submission.path)
    shutil.copytree(table.folder / "grader" / "reference", workspace, dirs_exist_ok=True)
    run(challenge.reference.command, workspace, SEED="0")
    reference = table.score(workspace / challenge.submission.path)
    assert get_metric(challenge.metric.name).better(reference, baseline)


def test_preparing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    table = Table(draft(2, 11, families=["tabular"]), tmp_path)
    again = tmp_path / "again"
    for name in ("public", "private"):
        (again / name).mkdir(parents=True)
    table.prepare(again / "public", again / "private")
    for first, second in ((table.public, again / "public"), (table.private, again / "private")):
        assert {path.name: path.read_bytes() for path in first.iterdir()} == {
            path.name: path.read_bytes() for path in second.iterdir()
        }


@pytest.mark.parametrize("name", sorted(set(bundled.KINDS["train"]) | set(bundled.KINDS["heldout"])))
def test_rows_of_public_data_are_not_recognised(name: str, tmp_path: Path) -> None:
    """Neither the values nor their order within a column are those of the public table."""
    split = "train" if name in bundled.KINDS["train"] else "heldout"
    file = {"cancer": "breast_cancer.csv", "digits": "digits.csv.gz", "diabetes": "diabetes_data_raw.csv.gz"}[name]
    made = next(
        made
        for made in author(60, 4, families=["tabular"], split=split)
        if file in made.challenge.dataset.files and b"p_" not in made.files["grader/prepare.py"]
    )
    table = Table(made, tmp_path)
    separator = None if file.startswith("diabetes") else ","
    public = np.genfromtxt(BUNDLED / file, delimiter=separator, skip_header=int(file.startswith("breast")))
    for path in table.public.iterdir():
        _, rows = rows_of(path)
        for column in np.array(rows).T:
            try:
                numbers = column.astype(float)
            except ValueError:
                continue  # labels
            for known in public.T:
                assert np.mean(np.isin(numbers, known)) < 0.5
                same = min(len(numbers), len(known))
                if known[:same].std() > 0:
                    assert abs(np.corrcoef(numbers[:same], known[:same])[0, 1]) < 0.5


def test_every_method_has_a_starter_somewhere() -> None:
    for split in SPLITS:
        suited = {core for cores in generated.KINDS[split].values() for core in cores}
        assert suited <= set(CORES)
    assert set(CORES) == {core for split in SPLITS for cores in generated.KINDS[split].values() for core in cores}


# -- games -------------------------------------------------------------------------------------------------------------


class Rejected(Exception):
    pass


def play(made: Draft, code: str, folder: Path, phase: str = "final", seed: int = 0) -> tuple[float, float]:
    """Runs the draft's own evaluate.py against `code`, with a stand-in for the library that joins the two."""
    result: dict[str, float] = {}

    class Module:
        def __init__(self, function: str, history: int = 0) -> None:
            space: dict[str, Any] = {}
            exec(code, space)
            self.function: Callable[..., object] = space[function]
            self.history = history

        def reset(self, n: int, seed: int) -> None:
            random.seed(seed)
            self.players: list[list[list[object]]] = [[[] for _ in range(self.history)] for _ in range(n)]

        def act(self, inputs: list[dict[str, list[object]]]) -> list[object]:
            for columns, given in zip(self.players, inputs, strict=True):
                for column, value in zip(columns, given.get("append", ()), strict=False):
                    column.append(value)
            return [self.function(*columns) for columns in self.players]

        def reject(self, why: str) -> None:
            raise Rejected(why)

    library = types.ModuleType("synthgym_grader")
    library.__dict__.update(Module=Module, write_result=lambda score, sd=None: result.update(score=score, sd=sd))
    kept = dict(os.environ)
    sys.modules["synthgym_grader"] = library
    os.environ.update(PRIVATE=str(folder), PHASE=phase, SEED=str(seed), SECRET=f"{phase}/{seed}")
    try:
        for script in ("prepare", "evaluate"):
            exec(compile(made.files[f"grader/{script}.py"], script, "exec"), {"__name__": "script"})
    finally:
        del sys.modules["synthgym_grader"]
        os.environ.clear()
        os.environ.update(kept)
    return result["score"], result["sd"]


def starter_of(made: Draft) -> str:
    return made.files[f"workspace/{made.challenge.submission.path}"].decode()


@pytest.mark.sample(5)
@pytest.mark.parametrize(("split", "index"), [(split, index) for split in SPLITS for index in range(5)])
def test_a_game_is_played_and_its_reference_wins(split: str, index: int, tmp_path: Path) -> None:
    made = draft(index, 21, families=["games"], split=split)
    reference = made.files[f"grader/reference/{made.challenge.submission.path}"].decode()
    baseline, sd = play(made, starter_of(made), tmp_path)
    best, _ = play(made, reference, tmp_path)
    assert best > baseline + 5 * sd > baseline
    assert play(made, reference, tmp_path) == play(made, reference, tmp_path)
    assert play(made, reference, tmp_path, phase="validate") != play(made, reference, tmp_path)
    assert made.challenge.metric.worst is not None
    assert baseline >= made.challenge.metric.worst


@pytest.mark.parametrize("answer", ["None", "3.0", "['a']", "'nonsense'", "99"])
def test_an_answer_that_is_no_move_is_refused(answer: str, tmp_path: Path) -> None:
    made = draft(0, 21, families=["games"])
    head = starter_of(made).rsplit("return", 1)[0]
    with pytest.raises(Rejected, match="expected one of"):
        play(made, f"{head}return {answer}", tmp_path)


@pytest.mark.parametrize("split", SPLITS)
def test_a_plan_is_worth_what_it_is_said_to_be(split: str) -> None:
    rng = random.Random(5)
    for k in (2, 3):
        machines = opponents.mixture(rng, k, split)
        assert sum(machine["share"] for machine in machines) == pytest.approx(1, abs=1e-3)
        payoff = [[float(rng.randint(0, 9)) for _ in range(k)] for _ in range(k)]
        first, last = [1.0] + [0.0] * (k - 1), [0.0] * (k - 1) + [1.0]
        for plan in ([first], [last], [first, last], [[1 / k] * k]):
            expected = 0.0
            for machine in machines:
                totals = []
                for _ in range(150):
                    state, total = machine["start"], 0.0
                    for turn in range(40):
                        mine = rng.choices(range(k), plan[turn % len(plan)])[0]
                        other = rng.choices(range(k), machine["emit"][state])[0]
                        total += payoff[mine][other]
                        state = machine["next"][state][mine][other]
                    totals.append(total / 40)
                expected += machine["share"] * statistics.fmean(totals)
            said = opponents.worth(machines, payoff, plan)
            assert said == pytest.approx(expected, abs=0.25)
            assert said <= opponents.best_worth(machines, payoff) + 1e-9


@pytest.mark.parametrize("make", dict.fromkeys(kind for kinds in opponents.KINDS.values() for kind in kinds))
def test_a_machine_is_well_formed(make: Callable[[random.Random, int], dict[str, Any]]) -> None:
    for k in (2, 3):
        for seed in range(20):
            machine = make(random.Random(seed), k)
            states = len(machine["emit"])
            assert machine["start"] in range(states)
            assert len(machine["next"]) == states
            for chances, table in zip(machine["emit"], machine["next"], strict=True):
                assert len(chances) == len(table) == k
                assert sum(chances) == pytest.approx(1, abs=1e-3)
                assert min(chances) >= 0
                assert all(after in range(states) for row in table for after in row)


# -- one family more ---------------------------------------------------------------------------------------------------


def _toy(identity: str, rng: random.Random, split: str) -> Draft:
    """The draft of a family that there is not: another one's, under a name of its own."""
    made = FAMILIES["games"](identity, rng, split)
    return Draft(made.challenge.model_copy(update={"id": f"toy-{identity}"}), made.files)


def test_one_family_more_changes_no_draft_but_those_that_it_takes(
    hundred: list[Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FAMILIES, "toy", _toy)
    with_toy = list(author(100, seed=0))
    taken = [index for index, made in enumerate(with_toy) if made.challenge.id.startswith("toy-")]
    assert 20 <= len(taken) <= 50
    assert {index for index in range(100) if digest(with_toy[index]) != digest(hundred[index])} == set(taken)
    monkeypatch.setitem(FAMILIES, "toy2", lambda *given: _toy(*given))
    again = list(author(100, seed=0))
    changed = {index for index in range(100) if digest(again[index]) != digest(with_toy[index])}
    assert changed <= {index for index in range(100) if family_of(index, 0, list(FAMILIES)) == "toy2"}
    assert 12 <= sum(family_of(index, 0, list(FAMILIES)) == "toy2" for index in range(100)) <= 40


def test_the_first_two_families_take_turns() -> None:
    """As they always did: the shipped collection is made so."""
    assert list(FAMILIES)[:2] == ["tabular", "games"]
    turns = [family_of(index, 7, list(FAMILIES)[:2]) for index in range(8)]
    assert turns == ["tabular", "games"] * 2 + ["games", "tabular"] * 2


def test_every_family_has_its_own_templates() -> None:
    for name in FAMILIES:
        assert (TEMPLATES / name / "wordings.yaml").is_file()
        made = draft(0, 3, families=[name])
        assert made.challenge.description
