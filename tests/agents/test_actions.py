from __future__ import annotations

import pytest

from synthgym.agents.chat.actions import ParseProblem, Reply, parse_reply, write_reply
from synthgym.agents.chat.thoughts import strip_thoughts


@pytest.mark.parametrize("language", ["bash", "sh", "", "shell", "Bash", "bash title=x", "zsh", "{.bash}", "{bash}"])
def test_one_block_is_the_command(language: str) -> None:
    reply = parse_reply(f"I read the starter.\n```{language}\ncat train.py\n```\n")
    assert reply == Reply("I read the starter.", "cat train.py")


def test_a_script_keeps_its_lines_and_indentation() -> None:
    script = "cat > a.py <<'E'\nif 1:\n    print('é')\n\nE\npython a.py"
    assert parse_reply(f"Try.\n```bash\n{script}\n```") == Reply("Try.", script)


def test_text_on_both_sides_is_discussion() -> None:
    assert parse_reply("Before.\n```\nls\n```\nAfter.") == Reply("Before.\nAfter.", "ls")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("```bash ls -l```", "ls -l"),
        ("Go.\n```sh ls```\nThen more.", "ls"),
        ("1. do:\n    ```bash\n    if true; then\n      ls\n    fi\n    ```", "if true; then\n  ls\nfi"),
        ("```shell-session\n$ cd data\n$ ls\n```", "cd data\nls"),
        ("```bash\ncat > a.md <<E\n    ```\n    x\n    ```\nE\n```", "cat > a.md <<E\n    ```\n    x\n    ```\nE"),
    ],
)
def test_forms_of_a_block(text: str, command: str) -> None:
    reply = parse_reply(text)
    assert isinstance(reply, Reply)
    assert reply.command == command


def test_windows_line_ends() -> None:
    assert parse_reply("Look.\r\n```bash\r\nls\r\npwd\r\n```\r\n") == Reply("Look.", "ls\npwd")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "none"),
        ("I would run ls.", "none"),
        ("Inline `ls` is no block.", "none"),
        ("```python\nprint(1)\n```", "none"),
        ("```bash\nls\n```\nand\n```bash\npwd\n```", "several"),
        ("```bash\n\n```", "empty"),
        ("```bash\n   \n```", "empty"),
        ("Wait.\n```bash\npython train.py && sub", "cut_off"),
        ("<think>What now", "cut_off"),
    ],
)
def test_problems_are_told_apart(text: str, kind: str) -> None:
    problem = parse_reply(text)
    assert isinstance(problem, ParseProblem)
    assert problem.kind == kind
    assert "```bash" in problem.message


def test_a_reply_cut_by_the_endpoint_is_told_so() -> None:
    problem = parse_reply("I think that", cut_off=True)
    assert isinstance(problem, ParseProblem)
    assert "limit of tokens" in problem.message


def test_a_block_of_another_language_is_discussion() -> None:
    assert parse_reply("```python\nx = 1\n```\n```bash\nls\n```") == Reply("x = 1", "ls")


@pytest.mark.parametrize(
    "text",
    [
        "<think>maybe\n```bash\nrm -rf /\n```\n</think>\nLook.\n```bash\nls\n```",
        "maybe\n```bash\nrm -rf /\n```\n</think>\n\nLook.\n```bash\nls\n```",
        "<think>\n</think>\n<think>b</think>Look.\n```bash\nls\n```",
    ],
)
def test_thoughts_are_not_looked_at(text: str) -> None:
    assert parse_reply(text) == Reply("Look.", "ls")


def test_think_tags_in_a_command_stay() -> None:
    assert parse_reply("Go.\n```bash\necho '<think>a</think>' > x\n```") == Reply("Go.", "echo '<think>a</think>' > x")
    assert strip_thoughts("no thoughts") == ("no thoughts", False)


@pytest.mark.parametrize(
    "command", ["ls", "a\nb\n", "cat > r.md <<E\n```\ncode\n```\nE", "cat > r.md <<E\n````\n```\nE"]
)
@pytest.mark.parametrize("discussion", ["", "I try."])
def test_what_is_written_is_read(discussion: str, command: str) -> None:
    assert parse_reply(write_reply(discussion, command)) == Reply(discussion, command)
