"""One reader of what models say aloud, for agents and authors: replies as models of many makes write them."""

from __future__ import annotations

import pytest

from synthgym.agents.chat.actions import ParseProblem, Reply, parse_reply
from synthgym.agents.chat.thoughts import strip_thoughts

SAID = "Look.\n```bash\nls\n```"
DRAFT = "maybe\n```bash\nrm -rf data\n```\nno."


@pytest.mark.parametrize(
    "text",
    [
        f"<think>{DRAFT}</think>\n{SAID}",
        f"<think>\n{DRAFT}\n</think>\n\n{SAID}",
        f"  \n<THINK>{DRAFT}</THINK>{SAID}",
        f"{DRAFT}\n</think>\n\n{SAID}",
        f"{DRAFT}\n</think>{SAID}",
        f"<think>a</think>\n<think>{DRAFT}</think>{SAID}",
        f"<thinking>{DRAFT}</thinking>{SAID}",
        f"<thinking>{DRAFT}</think>\n{SAID}",
        f"<thought>\n{DRAFT}\n</thought>\n{SAID}",
        f"<reasoning>{DRAFT}</reasoning>\n\n{SAID}",
        f'<think time="3">{DRAFT}</think>{SAID}',
        f"<seed:think>{DRAFT}</seed:think>{SAID}",
        f"[THINK]{DRAFT}[/THINK]{SAID}",
        f"{DRAFT}[/THINK]\n{SAID}",
        f"◁think▷{DRAFT}◁/think▷{SAID}",
        f"<|begin_of_thought|>\n{DRAFT}\n<|end_of_thought|>\n\n<|begin_of_solution|>\n{SAID}\n<|end_of_solution|>",
        f"<|START_THINKING|>{DRAFT}<|END_THINKING|><|START_RESPONSE|>{SAID}<|END_RESPONSE|>",
        f"<|channel>thought\n{DRAFT}<channel|>{SAID}",
        f"<|channel|>analysis<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>final<|message|>{SAID}<|return|>",
        f"<|start|>assistant<|channel|>analysis<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>commentary"
        f" to=functions.x <|constrain|>json<|message|>{{}}<|end|><|start|>assistant<|channel|>final<|message|>{SAID}",
        f"analysisWe need a command. {DRAFT}assistantfinal{SAID}",
        f"<think>{DRAFT}</think>\n<answer>\n{SAID}\n</answer>",
        f"<think>{DRAFT}</think>\n{SAID}<|im_end|>",
        f"<think>{DRAFT}</think>\n<|begin_of_box|>{SAID}<|end_of_box|>",
        f"<antThinking>{DRAFT}</antThinking>\n{SAID}",
        f"<thinking_process>\n{DRAFT}\n</thinking_process>\n{SAID}",
        f"**<think>**{DRAFT}**</think>**\n{SAID}",
        f"hm\n```bash\nrm\n```</think>\n{SAID}",
        f"hm\n```bash\nrm\n</think>\n{SAID}",
        f"<answer>{SAID}</answer>",
        f"{SAID}</s>",
        f"<longcat_think>\n{DRAFT}\n</longcat_think>\n{SAID}",
        f"<analysis>\n{DRAFT}\n</analysis>\n{SAID}",
        f"Here are my reasoning steps:\n{DRAFT}\n[BEGIN FINAL RESPONSE]\n{SAID}\n[END FINAL RESPONSE]\n<|end|>",
        f"{DRAFT}\n[BEGIN FINAL RESPONSE]{SAID}",
        f"Here is my thought process:\n{DRAFT}\n\nHere is my response:\n{SAID}",
        f"Here's my thought process: {DRAFT}\n**Here's my response:**\n{SAID}",
        f'<details type="reasoning" done="true">\n<summary>Thought</summary>\n{DRAFT}\n</details>\n{SAID}',
        f"<details><summary>Thinking</summary>\n\n{DRAFT}\n\n</details>\n\n{SAID}",
        f"analysis\n{DRAFT}\nassistantfinal\n{SAID}",
        f"analysisWe look. {DRAFT}assistantcommentaryassistantfinal{SAID}",
        f"analysis<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>final<|message|>{SAID}",
        f"{DRAFT}\nSo look.</think>{SAID}",
        f"hm\n```bash\nrm\n```</think>{SAID}",
        f"<|think|>{DRAFT}<|end|><|begin|>assistant<|content|>{SAID}",
        f"<|think_start|>{DRAFT}<|think_end|>{SAID}",
        f"<s><think>{DRAFT}</think>{SAID}",
        SAID,
    ],
)
def test_what_is_said_aloud(text: str) -> None:
    assert strip_thoughts(text) == (SAID, False)
    assert parse_reply(text) == Reply("Look.", "ls")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Go.\n```bash\ncat > t.txt <<'X'\n</think>\nX\n```", "cat > t.txt <<'X'\n</think>\nX"),
        ("Go.\n~~~sh\necho '\n</think>'\n~~~", "echo '\n</think>'"),
        ("<think>a</think>Go.\n```bash\ncat <<X\n[/THINK]\nX\n```", "cat <<X\n[/THINK]\nX"),
        ("<|channel|>final<|message|>```bash\necho '<|end|>' > a\n```<|return|>", "echo '<|end|>' > a"),
        ("<|channel|>final<|message|>Go.\n```bash\necho '\n<|end|>' > a\n```", "echo '\n<|end|>' > a"),
        ("<answer>\n```bash\necho '\n</answer>'\n```\n</answer>", "echo '\n</answer>'"),
        ("<think>x</think><answer>```bash\nls\n```</answer>\nbye", "ls"),
        ("Well.\n<answer>```bash\nls\n```</answer> bye", "ls"),
    ],
)
def test_marks_in_a_command_are_the_commands(text: str, command: str) -> None:
    reply = parse_reply(text)
    assert isinstance(reply, Reply)
    assert reply.command == command


def test_thoughts_between_words() -> None:
    assert parse_reply(f"Okay.\n<think>\n{DRAFT}\n</think>\n{SAID}") == Reply("Okay.\n\nLook.", "ls")
    assert parse_reply(f"Okay <think>{DRAFT}</think>\n{SAID}") == Reply("Okay \nLook.", "ls")
    assert parse_reply(f"So <thinking>\n{DRAFT}\nDone.</thinking>Well.\n{SAID}") == Reply("So Well.\nLook.", "ls")


@pytest.mark.parametrize(
    "text",
    [
        f"<think>{DRAFT}",
        f"<thought>\n{DRAFT}",
        f"<think>a</think><think>{DRAFT}",
        f"[THINK]{DRAFT}",
        f"analysisWe look. {DRAFT}",
        f"analysisI'm to look: {DRAFT}",
        f"analysisLet's look. {DRAFT}",
        f"<analysis>\n{DRAFT}",
        f"<|channel|>analysis<|message|>{DRAFT}",
        f"<|channel|>analysis<|message|>{DRAFT}<|end|>",
    ],
)
def test_a_reply_that_ended_while_still_thinking(text: str) -> None:
    assert strip_thoughts(text) == ("", True)
    problem = parse_reply(text)
    assert isinstance(problem, ParseProblem)
    assert (problem.kind, "still thinking" in problem.message) == ("cut_off", True)


@pytest.mark.parametrize(
    "text",
    [
        "Use the <think> tag.\n```bash\nls\n```",
        "Go.\n```bash\ncat > a.txt <<'E'\n<think>\na\n</think >x\nE\n```",
        "Go.\n```bash\ncat > a.txt <<'E'\n<think>\na\n</think>\nE\n```",
        "analysis of the table comes first\n```bash\nls\n```",
        "analysis.py comes first\n```bash\nls\n```",
        "Use <think> and </think> tags.\n```bash\nls\n```",
        "Write the `<think>` tag.\n```bash\nls\n```\nThen `</think>`, and so on.",
        "Use the <think> tag.\n```bash\nls\n```\nIt ends with </think> at the end.",
        "Use the <think> tag.\n```bash\ncat > a <<'E'\na.</think>b\nE\n```",
        "The tag </think> is strange.\n```bash\nls\n```",
        "Its marks are [BEGIN FINAL RESPONSE] and others.\n```bash\nls\n```",
        "Here is my thought process: look first.\n```bash\nls\n```",
        "First.\nHere is my response:\n```bash\nls\n```",
        "<details><summary>Files</summary>\na.py\n</details>\n```bash\nls\n```",
        "A list:</details>\n```bash\nls\n```",
        "An <answer> goes here.",
        "Go.\n```bash\necho '<|channel|>final<|message|>' > a\n```",
    ],
)
def test_marks_in_a_line_or_a_block_are_text(text: str) -> None:
    assert strip_thoughts(text) == (text, False)


@pytest.mark.parametrize(
    "text",
    [
        "analysisOfData.py is the first to look at.\n```bash\nls\n```",
        "<analysis> tags hold the labels; I read them first.\n```bash\nls\n```",
        "The file has these elements:\n<reason>\n<analysis>\nI look at it.\n```bash\nls\n```",
        "The file has these elements:\n<think>\nI look at it.\n```bash\nls\n```",
        "List<Thought> thoughts\n<thought> elements are in the XML.\n```bash\nls\n```",
        "```bash\nls\n```\nThis strips everything before </think>",
    ],
)
def test_marks_that_are_only_spoken_of_hide_no_command(text: str) -> None:
    assert strip_thoughts(text) == (text, False)
    reply = parse_reply(text)
    assert isinstance(reply, Reply)
    assert reply.command == "ls"


def test_what_is_said_behind_a_lone_mark_is_said_without_a_block_too() -> None:
    assert strip_thoughts(f"{DRAFT}\n</think>\nI am done.") == ("I am done.", False)


def test_a_command_before_thoughts_that_never_end_counts() -> None:
    assert parse_reply(f"{SAID}\n<think>what now") == Reply("Look.", "ls")
