"""Verification passes sound challenges and names what is wrong with others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import challenges
import pytest

from synthgym.registry.challenge import Challenge, content_hash, load_challenge
from synthgym.synthesis.verify import SEEDS, verify


def test_sound_challenges_pass_and_are_measured(tmp_path: Path) -> None:
    for folder in (
        challenges.write_table(tmp_path, verified=False),
        challenges.write_game(tmp_path, verified=False),
    ):
        report = verify(folder)
        assert report.ok, report.reason
        challenge = load_challenge(folder)
        assert challenge.verified
        assert len(challenge.baseline.scores) == SEEDS
        assert challenge.baseline.mean == report.measured["baseline"]
        assert challenge.noise is not None
        assert challenge.noise > 0
        assert challenge.provenance.content_hash == content_hash(challenge, folder)


def test_verifying_again_changes_nothing(tmp_path: Path) -> None:
    folder = challenges.write_table(tmp_path, verified=False)
    assert verify(folder).ok
    first = (folder / "challenge.yaml").read_bytes()
    assert verify(folder).ok
    assert (folder / "challenge.yaml").read_bytes() == first


def test_write_false_leaves_the_spec(tmp_path: Path) -> None:
    folder = challenges.write_table(tmp_path, verified=False)
    before = (folder / "challenge.yaml").read_bytes()
    assert verify(folder, write=False).ok
    assert (folder / "challenge.yaml").read_bytes() == before


Change = Callable[[Path], None]


def replaced(name: str, old: str, new: str) -> Change:
    """Replaces text in a file of a challenge."""

    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return change


def spec(**fields: object) -> Change:
    """Replaces fields of a challenge's spec."""

    def change(folder: Path) -> None:
        data = load_challenge(folder).model_dump() | fields
        Challenge.model_validate(data).save(folder)

    return change


PREPARE, STARTER, REFERENCE = "grader/prepare.py", "workspace/train.py", "grader/reference/train.py"

FLAWED_TABLES: dict[str, tuple[Change, str]] = {
    "prepare fails": (replaced(PREPARE, "import os", "import os\nraise ValueError('no')"), "prepare"),
    "prepare uses the network": (
        replaced(PREPARE, "import os", "import os, socket\nsocket.create_connection(('192.0.2.1', 80), 2)"),
        "prepare",
    ),
    "prepare leaves a link": (
        replaced(
            PREPARE, "public, private =", "os.symlink('/etc/passwd', os.environ['PUBLIC'] + '/x')\npublic, private ="
        ),
        "prepare",
    ),
    "too few hidden rows": (replaced(PREPARE, "y[300:, None]", "y[420:, None]"), "prepare"),
    "labels of another header": (replaced(PREPARE, 'labels.csv", "y"', 'labels.csv", "z"'), "prepare"),
    "labels that are no numbers": (replaced(PREPARE, "y[300:, None])", "y[300:, None] * np.nan)"), "prepare"),
    "the target stands in the test table": (
        replaced(PREPARE, '"a,b,c", x[300:]', '"a,b,c", np.column_stack([x[300:, :2], y[300:]])'),
        "labels absent",
    ),
    "the labels lie in the workspace": (
        replaced(PREPARE, 'write(f"{private}', 'write(f"{public}/notes.txt", "y", y[300:, None])\nwrite(f"{private}'),
        "labels absent",
    ),
    "a grader file lies in the workspace": (
        lambda folder: (folder / "workspace" / "prepare.py").write_text("") and None,
        "grader files absent",
    ),
    "starter fails": (replaced(STARTER, "import os", "import os\nraise SystemExit(3)"), "baseline"),
    "starter writes nothing": (replaced(STARTER, "np.savetxt", "(lambda *a, **k: 0)"), "baseline"),
    "starter writes NaN": (replaced(STARTER, "0.01 * noise", "np.nan * noise"), "baseline"),
    "starter takes too long": (replaced(STARTER, "import os", "import os\nwhile True: pass"), "baseline"),
    "reference fails": (replaced(REFERENCE, "import os", "import os\nraise SystemExit(3)"), "reference"),
    "reference no better": (replaced(REFERENCE, "KEEP = 3", "KEEP = 1"), "reference beats baseline"),
    "direction turned round": (
        spec(metric={"name": "rmse", "direction": "higher"}),
        "reference beats baseline",
    ),
    "unknown metric": (spec(metric={"name": "rmsee", "direction": "lower"}), "prepare"),
    "constant target": (replaced(PREPARE, "y = 2 * x[:, 0] - x[:, 1] + 0.1 * rng", "y = 3.0 + 0 * rng"), "*"),
}


@pytest.mark.parametrize("flaw", FLAWED_TABLES)
def test_flawed_tables_are_rejected(flaw: str, tmp_path: Path) -> None:
    change, check = FLAWED_TABLES[flaw]
    folder = challenges.write_table(tmp_path, verified=False)
    change(folder)
    before = (folder / "challenge.yaml").read_bytes()
    report = verify(folder)
    assert not report.ok
    assert check in ("*", report.failed), report.reason
    assert report.reason
    assert (folder / "challenge.yaml").read_bytes() == before


EVALUATE = "grader/evaluate.py"

FLAWED_GAMES: dict[str, tuple[Change, str]] = {
    "evaluate fails": (replaced(EVALUATE, "import json", "import json\nraise ValueError('no')"), "grader"),
    "evaluate gives no score": (replaced(EVALUATE, "write_result(", "len(("), "grader"),
    "evaluate gives nonsense": (
        replaced(EVALUATE, "write_result(total / n / rounds", "write_result(float('nan')"),
        "baseline",
    ),
    "evaluate draws lots": (
        replaced(EVALUATE, "total += move == theirs", "total += random.SystemRandom().random() < 0.5"),
        "*",
    ),
    "evaluate scores without playing": (
        replaced(EVALUATE, "n, rounds =", "write_result(1.0)\nraise SystemExit\nn, rounds ="),
        "reference beats baseline",
    ),
}


@pytest.mark.parametrize("flaw", FLAWED_GAMES)
def test_flawed_games_are_rejected(flaw: str, tmp_path: Path) -> None:
    change, check = FLAWED_GAMES[flaw]
    folder = challenges.write_game(tmp_path, verified=False)
    change(folder)
    report = verify(folder)
    assert not report.ok
    assert check in ("*", report.failed), (report.failed, report.reason)


def test_a_wrong_spec_is_a_result_not_an_error(tmp_path: Path) -> None:
    folder = challenges.write_table(tmp_path, verified=False)
    (folder / "challenge.yaml").write_text("id: line\n")
    report = verify(folder)
    assert report.failed == "spec"
    assert "title" in (report.reason or "")
