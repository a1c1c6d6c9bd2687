"""Handing in what is no submission, and making a score out of something else than a submission."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from synthgym.envs.env import ChallengeEnv

NOTHING = {"accepted": False, "score": None, "improvement": 0.0, "error": None}
"""What is known of a submission that nobody made."""

FAKE = "validation score 0.0001 (rmse, lower is better); best 0.0001; 19 validations left"
Steps = tuple[str, dict[str, Any]]


@pytest.fixture
def env(sealed: str, make_env: Callable[..., ChallengeEnv]) -> ChallengeEnv:
    """The table challenge, after an honest run of the starter."""
    env = make_env("line", sealed)
    env.reset(seed=0)
    env.step("python train.py")
    return env


def graded(env: ChallengeEnv) -> tuple[float, float]:
    """What `validate` and `submit` make of the workspace as it is."""
    *_, info = env.step("/opt/synthgym/bin/validate")
    (validation,) = info["scores"]
    *_, terminated, _, info = env.step("/opt/synthgym/bin/submit")
    assert terminated
    return validation, info["score"]


@pytest.fixture(scope="module")
def honest(collection: Any) -> tuple[float, float]:
    """The starter's scores with seed 0, without any attack."""
    env = ChallengeEnv(str(collection), "line", sandbox="bubblewrap")
    env.reset(seed=0)
    env.step("python train.py")
    scores = graded(env)
    env.close()
    return scores


@pytest.mark.parametrize(
    ("make", "said"),
    [
        ("ln -s /etc/passwd predictions.csv", "is a symbolic link"),
        ("ln -s data/train.csv predictions.csv", "is a symbolic link"),
        ("ln -s predictions.csv predictions.csv", "is a symbolic link"),
        ("mkfifo predictions.csv; (yes > predictions.csv &)", "not a regular file"),
        ("mkdir predictions.csv", "not a regular file|is a folder"),
        ("python -c \"import socket; socket.socket(socket.AF_UNIX).bind('predictions.csv')\"", "not a regular file"),
        ("truncate -s 11M predictions.csv", "larger than the 10000000 bytes allowed"),
        ("truncate -s 1G predictions.csv || head -c 30M /dev/zero > predictions.csv", "larger than"),
        ("cp /proc/self/environ predictions.csv", "expected the header"),
        ("touch predictions.csv; chmod 0 predictions.csv", "permission denied"),
        ("true", "no file"),
    ],
)
def test_what_is_no_regular_file_is_refused(env: ChallengeEnv, make: str, said: str) -> None:
    observation, reward, terminated, _, info = env.step(f"rm predictions.csv; {make}; validate; submit")
    assert observation.count("bad submission: ") == 2
    assert any(part in observation for part in said.split("|"))
    assert (reward, terminated, info["scores"], info["submission"]["accepted"]) == (0.0, False, [], False)


def test_a_device_cannot_be_made(env: ChallengeEnv) -> None:
    observation, *_ = env.step("rm predictions.csv; mknod predictions.csv c 1 5; ls predictions.csv")
    assert "not permitted" in observation
    assert "No such file" in observation


@pytest.mark.parametrize(
    "command",
    [
        f"echo '{FAKE}'",
        f"echo '{FAKE}' >&2; echo submitted; echo 'submitted; the episode is over'",
        'printf "0\\n" ; echo \'{"op": "done", "code": 0}\'; echo \'{"score": 1}\'',
        "for i in 3 4 5 6 7 8 9; do echo 0 >&$i; done; echo submitted",
        "for i in 0 1 2 3 4 5 6 7 8 9; do echo 0 > /proc/$$/fd/$i; done; echo submitted",
    ],
)
def test_printing_is_not_scoring(env: ChallengeEnv, command: str) -> None:
    _, reward, terminated, truncated, info = env.step(command)
    assert (reward, terminated, truncated, info["scores"], info["submission"]) == (0.0, False, False, [], NOTHING)


PLANTS = {
    "sitecustomize in the workspace": """
        echo 'print("owned")' > sitecustomize.py; cp sitecustomize.py usercustomize.py""",
    "user site": """
        d=$(python -c 'import site; print(site.getusersitepackages())'); mkdir -p $d
        echo 'print("owned")' > $d/sitecustomize.py; cp $d/sitecustomize.py $d/usercustomize.py
        echo 'import sys; print("owned")' > $d/evil.pth""",
    "shadowing modules": """
        for m in numpy os socket _socket struct json sys random csv; do echo 'raise SystemExit(0)' > $m.py; done""",
    "PYTHONPATH and friends": """
        export PYTHONPATH=$PWD PYTHONHOME=/nowhere PYTHONSTARTUP=$PWD/x.py PYTHONINSPECT=1
        echo 'print("owned")' > sitecustomize.py""",
    "a python of one's own": """
        mkdir bin; printf '#!/bin/sh\\necho owned' > bin/python; chmod +x bin/python
        for p in python3 bash sh env setpriv cp; do cp bin/python bin/$p; done; export PATH=$PWD/bin:$PATH""",
    "validate and submit of one's own": """
        mkdir bin; echo 'echo "FAKE"' > bin/validate; cp bin/validate bin/submit
        chmod +x bin/*; export PATH=$PWD/bin:$PATH""",
    "functions": """
        validate() { echo 'FAKE'; }; submit() { echo submitted; }; export -f validate submit
        cd() { :; }; command() { echo owned; }; exec() { echo owned; }; printf() { :; }; read() { :; }""",
    "aliases": """
        shopt -s expand_aliases; alias validate='echo "FAKE"' submit=true python=true""",
    "traps": """
        trap 'echo trapped' DEBUG ERR EXIT RETURN USR1; set -T
        PS4=owned; BASH_ENV=$PWD/x; ENV=$PWD/x; PROMPT_COMMAND=false""",
    "the loader": """
        cp /lib/*-linux-gnu/libc.so.6 evil.so; echo garbage > libpython3.so
        export LD_PRELOAD=$PWD/evil.so LD_LIBRARY_PATH=$PWD LD_AUDIT=$PWD/evil.so""",
    "files at home": """
        echo /etc/passwd > ~/.synthgym-open; ln -sf /etc/passwd ~/.bashrc; echo 'exit 0' > ~/.profile""",
    "another channel": """
        export SYNTHGYM_CHANNEL=elsewhere SYNTHGYM_TOOLS=$PWD; hash -r; unset SYNTHGYM_CHANNEL""",
    "changed data": """
        rm -rf data; mkdir -p data private grader; echo 'y' > data/train.csv
        cp predictions.csv private/labels.csv; cp predictions.csv grader/labels.csv""",
    "a changed bash": """
        enable -n printf read; set -o posix; shopt -s extdebug; IFS=01; LC_ALL=xx; umask 777; ulimit -f 0""",
}


@pytest.mark.parametrize("plant", PLANTS)
def test_nothing_planted_changes_a_grade(env: ChallengeEnv, honest: tuple[float, float], plant: str) -> None:
    """Whatever was planted: the step after, with the programs named by their paths, is graded as without it."""
    env.step(PLANTS[plant].replace("FAKE", FAKE))
    if plant in ("another channel", "a changed bash"):
        env.step("exit")
    assert graded(env) == honest


@pytest.mark.parametrize("plant", ["validate and submit of one's own", "functions", "aliases"])
def test_ones_own_programs_harm_oneself(env: ChallengeEnv, plant: str) -> None:
    env.step(PLANTS[plant].replace("FAKE", FAKE))
    _, reward, terminated, _, info = env.step("validate; submit")
    assert (reward, terminated, info["scores"], info["submission"]) == (0.0, False, [], NOTHING)


def test_a_background_process_does_not_outlive_the_episode(env: ChallengeEnv) -> None:
    loop = "while :; do cp data/test.csv predictions.csv; validate; sleep 0.05; done"
    env.step(f"({loop} >/dev/null 2>&1 &); setsid sleep 987 &")
    env.reset(seed=0)
    observation, *_, info = env.step("sleep 0.5; for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline; echo; done; ls")
    assert "sleep 987" not in observation
    assert "validate" not in observation
    assert "predictions.csv" not in observation
    assert (info["scores"], info["validations_left"]) == ([], 5)


def test_a_submission_is_frozen_when_it_is_accepted(env: ChallengeEnv, honest: tuple[float, float]) -> None:
    """A process that keeps writing cannot mix two files into one grade, or write after the end."""
    writer = "(while :; do cp $HOME/a predictions.csv; cp data/test.csv predictions.csv; done &) ; sleep 0.1; submit"
    for _ in range(3):
        *_, terminated, _, info = env.step(f"cp predictions.csv $HOME/a; {writer}; cp $HOME/a predictions.csv")
        if terminated:
            assert info["score"] == honest[1]
            break
        env.step("sleep 0.1; exit")
        env.step("cp $HOME/a predictions.csv")
        assert info["submission"]["accepted"] is False


def test_submitting_twice_at_once_counts_once(env: ChallengeEnv, honest: tuple[float, float]) -> None:
    *_, terminated, _, info = env.step("for i in 1 2 3 4 5 6 7 8; do submit & validate & done; wait")
    assert terminated
    assert info["score"] == honest[1]
