"""A real `transformers serve` on loopback: answers, and is gone when its block or its parent is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import openai
import pytest

from synthgym.agents.chat import ChatAgent
from synthgym.base.errors import ModelError, UserError
from synthgym.train.serving import serve as serve_by
from synthgym.train.serving.process import HOST
from synthgym.train.student import StudentConfig, new_student, save_student
from synthgym.train.tokenizer import train_tokenizer

serve = partial(serve_by, engine="transformers")

TALK = [
    {"role": "system", "content": "You copy."},
    {"role": "user", "content": "Frogs, marble, window."},
    {"role": "assistant", "content": "```bash\nvalidate\n```"},
]


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Untrained: it says something, which is enough here."""
    folder = tmp_path_factory.mktemp("student")
    tokenizer = train_tokenizer([TALK] * 3, words=300, phrases=0)
    save_student(new_student(StudentConfig(width=32, layers=2), tokenizer), tokenizer, folder)
    return folder


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def port_of(base_url: str) -> int:
    return int(base_url.rsplit(":", 1)[1].split("/")[0])


@pytest.mark.slow
def test_it_answers_greedily_and_ends_with_the_block(student: Path) -> None:
    with serve(student) as endpoint:
        client = openai.OpenAI(base_url=endpoint.base_url, api_key=endpoint.key, max_retries=0)
        answers = [
            client.chat.completions.create(
                model=endpoint.model,
                messages=TALK[:2],  # type: ignore[arg-type]
                max_tokens=7,
                temperature=0,
            )
            for _ in range(3)
        ]
        assert {answer.choices[0].message.content for answer in answers} == {answers[0].choices[0].message.content}
        usage = answers[0].usage
        assert usage is not None
        assert 0 < usage.completion_tokens <= 7
        assert "im_start" not in (answers[0].choices[0].message.content or "")
        assert endpoint.spec() == f"chat:{endpoint.model}@{endpoint.base_url}"
        agent = ChatAgent(endpoint.model, endpoint.base_url)
        agent.model.complete(TALK[:2])
        assert agent.usage.calls == 1
    assert not listens(port_of(endpoint.base_url))


@pytest.mark.slow
def test_an_answer_does_not_depend_on_what_else_is_asked(student: Path) -> None:
    # It copies: each conversation is answered as it was answered before.
    said = ["window window", "marble, marble", "frogs. frogs", "You copy", "validate", "copy copy copy"]
    talks = [[*TALK[:2], {"role": "assistant", "content": before}, TALK[1]] for before in said]
    with serve(student) as endpoint:
        client = openai.OpenAI(base_url=endpoint.base_url, api_key=endpoint.key, max_retries=0)

        def ask(talk: list[dict[str, str]]) -> str | None:
            answer = client.chat.completions.create(
                model=endpoint.model,
                messages=talk,  # type: ignore[arg-type]
                max_tokens=30,
                temperature=0,
            )
            return answer.choices[0].message.content

        alone = [ask(talk) for talk in talks]
        with ThreadPoolExecutor(6) as pool:
            together = list(pool.map(ask, [*talks, *reversed(talks)]))
    assert len(set(alone)) > 1
    assert together == [*alone, *reversed(alone)]


PARENT = """
import sys, time
from synthgym.train.serving import serve
with serve(sys.argv[1], engine="transformers") as endpoint:
    print(endpoint.base_url, flush=True)
    time.sleep(300)
"""


@pytest.mark.slow
def test_it_dies_with_its_parent(student: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(student)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    port = port_of(parent.stdout.readline().strip())
    assert listens(port)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 5
    while listens(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not listens(port)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"expected the folder of a saved model"), serve(tmp_path):
        pass


def test_a_taken_port_is_named(student: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"port {port} cannot be used"), serve(student, port=port):
            pass


@pytest.mark.slow
def test_a_server_that_does_not_come_up_says_why(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "no_such_architecture"}')
    (tmp_path / "model.safetensors").touch()
    with pytest.raises(ModelError, match=r"(?s)ended with code 1.*Unrecognized processing class"), serve(tmp_path):
        pass


@pytest.mark.slow
def test_a_server_that_is_too_slow_is_ended(student: Path) -> None:
    children = set(os.listdir("/proc"))
    with pytest.raises(ModelError, match=r"not ready within 0\.3 s"), serve(student, timeout=0.3):
        pass
    left = [
        pid
        for pid in set(os.listdir("/proc")) - children
        if pid.isdigit() and str(student).encode() in _command_line(pid)
    ]
    assert left == []


def _command_line(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
