"""Playing submitted modules: what they may do wrong, and that none of it is a score or a failure of the grader."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import challenges
import pytest
from env_fixtures import needs

from synthgym.base.errors import BadSubmission, GraderError
from synthgym.envs.grading import module_calls
from synthgym.envs.grading import module_grader as module_grading
from synthgym.envs.grading.module_grader import ModuleGrader
from synthgym.envs.sandboxes.base import Limits
from synthgym.envs.workspace import Prepared, prepare
from synthgym.registry.challenge import load_challenge

HEADS = b"def choose(mine, theirs):\n    return 'heads'\n"
FAKE = "import json\njson.dumps = lambda *a, **k: '{}'\nreturn 'heads'"
PRINTED = 'print(\'{"score": 1e9, "op": "result"}\', flush=True)'


@pytest.fixture(scope="module")
def grader(collection: Path) -> ModuleGrader:
    """The grader of the game."""
    needs("bubblewrap")
    challenge = load_challenge(collection / "coins")
    return ModuleGrader(challenge, prepare(challenge, collection / "coins", "bubblewrap"), "bubblewrap")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short limits, for modules that run into them."""
    monkeypatch.setattr(module_calls, "CALL_SECONDS", 2.0)


def strategy(body: str) -> bytes:
    """A module of one function with this body."""
    return ("def choose(mine, theirs):\n" + textwrap.indent(textwrap.dedent(body), "    ")).encode()


def test_gradings_agree_and_phases_differ(grader: ModuleGrader) -> None:
    final, again, validate, other = (
        grader.grade(HEADS, "final"),
        grader.grade(HEADS, "final"),
        grader.grade(HEADS, "validate"),
        grader.grade(HEADS, "final", seed=1),
    )
    assert final == again
    assert final.value == pytest.approx(0.8, abs=0.05)
    assert final.sd == 0.005
    assert len({final.value, validate.value, other.value}) == 3


def test_a_seeded_module_plays_the_same_each_time(grader: ModuleGrader) -> None:
    module = b"import random\n" + strategy("return random.choice(['heads', 'tails'])")
    assert grader.grade(module, "final") == grader.grade(module, "final")


def test_the_histories_are_each_players_own(grader: ModuleGrader) -> None:
    module = strategy(
        """
        assert len(mine) == len(theirs) <= 20, (mine, theirs)
        assert set(mine) <= {'heads'} and set(theirs) <= {'heads', 'tails'}
        return 'heads'
        """
    )
    assert grader.grade(module, "final") == grader.grade(HEADS, "final")


def test_numpy_answers_are_taken(grader: ModuleGrader) -> None:
    module = b"import numpy as np\n" + strategy("return np.array(['heads'])[0]")
    assert grader.grade(module, "final") == grader.grade(HEADS, "final")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PRINTED, ""),
        ("import sys; sys.stdout.close(); sys.stderr.close()", ""),
        ("import os; os.closerange(0, 3)", ""),
        ("", "import os\nif os.fork():\n    print('parent')"),
        ("import json; json.dumps = None.__class__", None),
        ("import threading; threading.Thread(target=lambda: [None for _ in iter(int, 1)], daemon=True).start()", ""),
        ("import subprocess; subprocess.Popen(['sleep', '1000'])", ""),
    ],
)
def test_what_changes_nothing(grader: ModuleGrader, before: str, after: str | None) -> None:
    """Printing, closing streams, leaving children and threads behind: the moves are what counts."""
    module = before.encode() + b"\n" + HEADS
    if after is None:
        with pytest.raises(BadSubmission):
            grader.grade(module, "final")
    else:
        assert grader.grade(module, "final") == grader.grade(HEADS, "final")


@pytest.mark.sample(12)
@pytest.mark.parametrize(
    ("module", "said"),
    [
        (b"", "expected a function 'choose'"),
        (b"choose = 3\n", "expected a function 'choose'"),
        (b"def choose(:\n", "SyntaxError"),
        (b"\x00\xff(", "SyntaxError|source code"),
        (b"raise RuntimeError('at import')\n", "RuntimeError: at import \\(line 1 of strategy.py\\)"),
        (b"import nothing_like_it\n", "ModuleNotFoundError"),
        (strategy("raise ValueError('x' * 5000)"), "xxx \\(line 2 of strategy.py\\)"),
        (strategy("raise SystemExit(0)"), "SystemExit: 0"),
        (strategy("raise KeyboardInterrupt"), "KeyboardInterrupt"),
        (b"def choose():\n    return 'heads'\n", "takes 0 positional arguments"),
        (strategy("return choose(mine, theirs)"), "RecursionError"),
        (strategy(f"{PRINTED}\nimport os\nos._exit(0)"), "process ended during play \\(exit code 0\\)"),
        (f"{PRINTED}\nimport os\nos._exit(0)\n".encode(), "process ended during play"),
        (f"{PRINTED}\nraise SystemExit(0)\n".encode(), "SystemExit"),
        (strategy("import os\nos.kill(os.getpid(), 9)"), "process ended during play"),
        (strategy("import os\nos.abort()"), "process ended during play"),
        (strategy("import ctypes\nreturn ctypes.string_at(0)"), "process ended during play"),
        (strategy("return 'edge'"), "expected heads or tails, got 'edge'"),
        (strategy("return None"), "expected heads or tails, got None"),
        (strategy("return ['heads']"), "not one short answer"),
        (strategy("return {'a': 1}"), "not one short answer"),
        (strategy("return float('nan')"), "not one short answer"),
        (strategy("return float('inf')"), "not one short answer"),
        (strategy("return 10 ** 400"), "not one short answer"),
        (strategy("return 10 ** 5000"), "ValueError|not one short answer"),
        (strategy("return 'x' * 30_000"), "not one short answer"),
        (strategy("return 'x' * 10_000_000"), "not one short answer|process ended|MemoryError|longer than"),
        (strategy("return b'heads'"), "not JSON serializable"),
        (strategy("return choose"), "not JSON serializable"),
        (strategy("x = []\nfor _ in range(900): x = [x]\nreturn x"), "not one short answer"),
        (strategy("x = []\nx.append(x)\nreturn x"), "Circular"),
        (strategy("class Odd:\n    item = 3\nreturn Odd()"), "not callable"),
        (strategy("return type('S', (str,), {'__len__': lambda s: 0})('edge')"), "got 'edge'"),
        (strategy(FAKE.format('{"outputs": []}')), "not one short answer"),
        (strategy(FAKE.format("no json")), "not one short answer"),
        (strategy(FAKE.format("[" * 100_000)), "not one short answer"),
        (strategy(FAKE.format("[]")), "not one short answer"),
        (strategy(FAKE.format('{"op": "result", "score": 1}')), "not one short answer"),
        (strategy("import socket\nsocket.socket.sendall = lambda *a: None"), "process ended|longer than"),
    ],
)  # fmt: skip
def test_what_is_refused(grader: ModuleGrader, quick: None, module: bytes, said: str) -> None:
    with pytest.raises(BadSubmission, match=said) as caught:
        grader.grade(module, "final")
    assert str(caught.value).startswith("strategy.py: ")
    assert len(str(caught.value)) < 1200


@pytest.mark.slow
@pytest.mark.parametrize(
    "module",
    [
        strategy("while True: pass"),
        strategy("import time\ntime.sleep(1000)"),
        b"while True: pass\n",
        strategy("import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))\ntime.sleep(1000)"),
        strategy("import os\nos.kill(os.getpid(), 19)"),
    ],
)
def test_a_call_that_does_not_end(grader: ModuleGrader, quick: None, module: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(BadSubmission, match="a call took longer than 2 seconds"):
        grader.grade(module, "final")
    assert time.monotonic() - started < 15


def test_calls_that_take_long_together(grader: ModuleGrader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module_grading, "_MOST_CPU", 1.0)
    module = strategy(
        "import time\nuntil = time.process_time() + 0.003\nwhile time.process_time() < until: pass\nreturn 'heads'"
    )
    with pytest.raises(BadSubmission, match="used more cpu time than it has"):
        grader.grade(module, "final")


@pytest.mark.parametrize(
    "body",
    [
        "x = []\nwhile True: x.append(bytearray(1 << 24))",
        "import os\nwhile True: os.fork()",
        "f = open('big', 'wb')\nwhile True: f.write(bytes(1 << 20))",
        "import os\nwhile True: os.open('/dev/null', 0)",
    ],
)
def test_a_hog_harms_itself(grader: ModuleGrader, quick: None, body: str) -> None:
    with pytest.raises(BadSubmission):
        grader.grade(strategy(body), "final")
    assert grader.grade(HEADS, "final").value > 0.7


def test_the_module_sandbox_has_the_submission_and_nothing_else(grader: ModuleGrader) -> None:
    """The error tells what the module could see: no other file, no other process, no opponents."""
    module = strategy(
        """
        import os, glob
        files = [os.path.join(p, f) for top in ('/home', '/tmp', '/opt', '/dev/shm', '/run', '/mnt', '/srv', '/var')
                 for p, d, fs in os.walk(top) for f in fs if not p.startswith('/opt/python/')]
        files = [f for f in files if not f.startswith('/opt/synthgym/') and '__pycache__' not in f]
        processes = [open(p, 'rb').read().split(b'\\0')[0] for p in glob.glob('/proc/[0-9]*/cmdline')]
        raise ValueError(sorted(files), sorted(processes), 'bias' in os.environ, sorted(os.environ.get('PRIVATE', '')))
        """
    )
    with pytest.raises(BadSubmission) as caught:
        grader.grade(module, "final")
    seen = "['/home/agent/workspace/strategy.py'], [b'/opt/python/bin/python', b'python'], False, []"
    assert seen in str(caught.value)


def test_the_runner_gives_nothing_away_of_later_calls(grader: ModuleGrader) -> None:
    """A module that takes over its runner hears its own calls only: no move of an opponent before its time."""
    module = strategy(
        """
        import gc, json
        seen = [o for o in gc.get_objects() if isinstance(o, dict) and o.get('op') == 'act']
        raise ValueError(json.dumps(seen)[:300])
        """
    )
    with pytest.raises(BadSubmission) as caught:
        grader.grade(module, "final")
    assert "append" not in str(caught.value)


def game(folder: Path, evaluate: str) -> ModuleGrader:
    """A grader whose `evaluate.py` is given."""
    needs("bubblewrap")
    challenges.write_game(folder)
    challenge = load_challenge(folder / "coins")
    (folder / "coins" / "grader" / "evaluate.py").write_text(textwrap.dedent(evaluate))
    return ModuleGrader(challenge, prepare(challenge, folder / "coins", "bubblewrap"), "bubblewrap")


START = """
from synthgym_grader import Module, write_result
module = Module(function="choose", history=2)
module.reset(n=2, seed=0)
"""


@pytest.mark.parametrize(
    ("evaluate", "said"),
    [
        ("raise RuntimeError('scorer broke')", "gave no score \\(exit code 1\\).*scorer broke"),
        ("print('{\"score\": 1}')", "gave no score \\(exit code 0\\)"),
        ("import synthgym_grader as g\ng._ask({'op': 'nonsense'})", "cannot be read"),
        ("import synthgym_grader as g\ng._ask({'score': 1})", "cannot be read"),
        ("import synthgym_grader as g\ng._ask([1])", "cannot be read"),
        ("import synthgym_grader as g\ng.write_result('high')", "write_result: score: expected a finite number"),
        ("import synthgym_grader as g\ng.write_result('1.5')", "write_result: score: expected a finite number"),
        ("import synthgym_grader as g\ng.write_result(True)", "write_result: score: expected a finite number"),
        ("import synthgym_grader as g\ng.write_result(None)", "write_result: score: expected a finite number"),
        ("import synthgym_grader as g\ng.write_result([1])", "write_result: score: expected a finite number"),
        ("import synthgym_grader as g\ng.write_result(1, 'wide')", "write_result: standard deviation of a score"),
        ("import synthgym_grader as g\ng.write_result(1, True)", "write_result: standard deviation of a score"),
        (START + "import os\nos._exit(0)", "gave no score"),
        (START + "module.act([{}, {}])\nraise RuntimeError('later')", "later"),
    ],
)
def test_a_scorer_that_fails_is_no_bad_submission(tmp_path: Path, evaluate: str, said: str) -> None:
    with pytest.raises(GraderError, match=f"(?s){said}"):
        game(tmp_path, evaluate).grade(HEADS, "final")


@pytest.mark.parametrize(
    "given", ["float('nan')", "float('-inf')", "1e101", "-10**400", "1, float('nan')", "1, -1.0", "1, 10**400"]
)
def test_a_score_that_is_none_comes_from_the_answers(tmp_path: Path, given: str) -> None:
    with pytest.raises(BadSubmission, match="no score is defined"):
        game(tmp_path, START + f"module.act([{{}}, {{}}])\nwrite_result({given})\n").grade(HEADS, "final")


def test_a_scorer_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module_grading, "_GRADER_LIMITS", Limits(cpu_seconds=10, wall_seconds=1))
    with pytest.raises(GraderError, match="exceeded its wall time"):
        game(tmp_path, START + "import time\ntime.sleep(100)").grade(HEADS, "final")


def test_the_time_of_the_module_is_not_the_scorers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module_grading, "_GRADER_LIMITS", Limits(cpu_seconds=10, wall_seconds=1.5))
    slow = strategy("import time\ntime.sleep(0.4)\nreturn 'heads'")
    evaluate = START + "for _ in range(3): module.act([{}, {}])\nwrite_result(1)\n"
    assert game(tmp_path, evaluate).grade(slow, "final").value == 1


def test_the_local_sandbox_plays_too(collection: Path) -> None:
    challenge = load_challenge(collection / "coins")
    local = ModuleGrader(challenge, prepare(challenge, collection / "coins", "local"), "local")
    assert local.grade(HEADS, "final").value == pytest.approx(0.8, abs=0.05)
    with pytest.raises(BadSubmission, match="process ended"):
        local.grade(strategy("import os\nos._exit(0)"), "final")


def test_nothing_is_left_of_a_grading(grader: ModuleGrader, open_box: Callable[..., object]) -> None:
    before = module_threads()
    for module in (HEADS, b"import os\nos._exit(3)\n"):
        try:
            grader.grade(module, "final")
        except BadSubmission:
            continue
    assert module_threads() == before


def module_threads() -> list[str]:
    import threading

    return [thread.name for thread in threading.enumerate() if thread.name.startswith("synthgym-module")]


def test_the_prepared_labels_are_closed_to_others(collection: Path) -> None:
    needs("bubblewrap")
    challenge = load_challenge(collection / "line")
    prepared: Prepared = prepare(challenge, collection / "line", "bubblewrap")
    assert prepared.private.stat().st_mode & 0o077 == 0
