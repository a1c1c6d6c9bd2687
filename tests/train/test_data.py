"""Reading conversations, labels on what is learned, renamed copies."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from growth import growth

from synthgym.base.errors import UserError
from synthgym.train.augmentation import KEPT, common_words, copied_names, renamed, settings_named
from synthgym.train.conversations import Conversation, encode, read_conversations, with_copies
from synthgym.train.small.tokenizer import END, train_tokenizer

TALK: Conversation = [
    {"role": "system", "content": "One command a reply. `validate` scores."},
    {
        "role": "user",
        "content": "Frogs\nRun the starter: python fit.py\nSettings: fit.py, MAX_DEPTH and rounds. Files: fit.py",
    },
    {"role": "assistant", "content": "I read fit.py.\n```bash\ncat fit.py\n```"},
    {"role": "user", "content": "import fit_tools\nMAX_DEPTH = 4\nrounds = 10  # more rounds fit better"},
    {
        "role": "assistant",
        "content": "rounds 100.\n```bash\nsed -i 's/rounds = 10/rounds = 100/' fit.py && python fit.py\n```",
    },
    {"role": "user", "content": ""},
    {"role": "assistant", "content": "Done.\n```bash\nsubmit\n```"},
]


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return train_tokenizer([TALK] * 3, words=320, phrases=20)


def learned(tokenizer: Any, talk: Conversation) -> str:
    sample = encode(tokenizer, talk)
    assert all(label in (-100, token) for token, label in zip(sample.input_ids, sample.labels, strict=True))
    text: str = tokenizer.decode([label for label in sample.labels if label != -100])
    return text


def test_learned_is_what_the_agent_wrote_and_nothing_else(tokenizer: Any) -> None:
    assert learned(tokenizer, TALK) == "".join(TALK[at]["content"] + END for at in (2, 4, 6))


def test_a_reply_of_weight_0_is_context_only(tokenizer: Any) -> None:
    talk = [message if at != 4 else {**message, "weight": 0} for at, message in enumerate(TALK)]
    assert learned(tokenizer, talk) == "".join(TALK[at]["content"] + END for at in (2, 6))
    assert encode(tokenizer, talk).input_ids == encode(tokenizer, TALK).input_ids


def test_a_template_that_marks_nothing_gives_the_same(tokenizer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    marked = encode(tokenizer, TALK)
    template = re.sub(r"{% (end)?generation %}", "", tokenizer.chat_template)
    assert "add_generation_prompt" in template
    monkeypatch.setattr(tokenizer, "chat_template", template)
    assert encode(tokenizer, TALK) == marked


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"talks.jsonl, line 2: not valid JSON"),
        ("[]", r"line 2: expected an object with a list 'messages'"),
        ('{"messages": [{"role": "tool", "content": ""}]}', r"line 2: expected messages with a role of system, user"),
        ('{"messages": [{"role": "user", "content": null}]}', r"line 2: expected a text as 'content', got 'None'"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "talks.jsonl"
    path.write_text(json.dumps({"messages": TALK}) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(UserError, match=message):
        read_conversations(path)


def test_files_are_read_in_order_and_a_missing_or_empty_one_is_named(tmp_path: Path) -> None:
    first, second, empty = (tmp_path / name for name in ("a", "b", "empty"))
    first.write_text(json.dumps({"messages": TALK}) + "\n\n", encoding="utf-8")
    second.write_text(json.dumps({"messages": TALK[:3], "other": 1}) + "\n", encoding="utf-8")
    empty.write_text("\n", encoding="utf-8")
    assert read_conversations([first, second]) == [TALK, TALK[:3]]
    with pytest.raises(UserError, match="empty: holds no conversations"):
        read_conversations([first, empty])
    with pytest.raises(UserError, match="missing: cannot be read"):
        read_conversations(tmp_path / "missing")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="UTF-8"):
        read_conversations(tmp_path / "binary")


def test_names_that_commands_copy_are_found() -> None:
    assert copied_names(TALK) == ["fit", "rounds"]


def test_a_renamed_copy_fits_together() -> None:
    changed = [renamed(TALK, random.Random(seed)) for seed in range(20)]
    assert renamed(TALK, random.Random(3)) == changed[3]
    stems = set()
    for talk in changed:
        assert [message["role"] for message in talk] == [message["role"] for message in TALK]
        command = re.search(r"sed -i 's/(\w+) = 10/(\w+) = 100/' (\w+)\.py && python (\w+)\.py", talk[4]["content"])
        assert command
        setting, again, file, run = command.groups()
        assert setting == again
        assert file == run
        assert f"\n{setting} = 10  #" in talk[3]["content"]
        assert talk[1]["content"].startswith(f"Frogs\nRun the starter: python {file}.py\n")
        assert talk[2]["content"] == f"I read {file}.py.\n```bash\ncat {file}.py\n```"
        assert talk[3]["content"].startswith("import fit_tools\nMAX_DEPTH = 4\n")
        assert talk[3]["content"].endswith(" fit better")  # a file's name, but not here
        assert talk[6] == TALK[6]
        stems.add(file)
    assert len(stems) > 10
    assert "validate" in KEPT


def test_copies_come_behind_the_originals() -> None:
    copies = with_copies([TALK, TALK[:3]], 2, seed=1)
    assert copies[:2] == [TALK, TALK[:3]]
    assert len(copies) == 6
    assert copies[2] != copies[4]
    assert copies == with_copies([TALK, TALK[:3]], 2, seed=1)


def test_words_of_the_subject_are_replaced_where_they_are_few() -> None:
    talks = [
        [{**TALK[1], "content": TALK[1]["content"].replace("Frogs", f"{subject} in ponds")}, *TALK[2:]]
        for subject in ("Frogs", "Newts", "Toads", "Carps", "Swans", "Ducks", "Geese", "Otters", "Voles", "Moles")
    ] * 2
    common = common_words(talks)
    assert {"Run", "the", "starter", "ponds"} <= common
    assert not {"Frogs", "Voles"} & common
    starts = {renamed(talks[0], random.Random(seed), common)[0]["content"].split("\n")[0] for seed in range(12)}
    assert all(re.fullmatch(r"[A-Z][a-z]+ in ponds", start) for start in starts)
    assert len(starts) > 5
    assert renamed(talks[0], random.Random(1))[0]["content"].startswith("Frogs in ponds\n")


def setting_names(talk: Conversation) -> set[str]:
    changed = [renamed(talk, random.Random(seed))[4]["content"] for seed in range(40)]
    return {re.search(r"sed -i 's/(\w+) =", content)[1] for content in changed}  # type: ignore[index]


def test_a_setting_keeps_its_meaning() -> None:
    bare = [{**message, "content": message["content"].replace("  # more", "\nmore")} for message in TALK]
    names = setting_names(bare)
    assert all("rounds" in name for name in names)
    assert len(names) > 4
    explained = ["rounds" in name for name in setting_names(TALK)]
    assert any(explained)
    assert not all(explained)


def test_settings_that_a_reply_speaks_of_are_renamed_with_the_others() -> None:
    talk = [
        {**message, "content": message["content"].replace("rounds 100.", "rounds 100, MAX_DEPTH stays.")}
        for message in TALK
    ]
    assert settings_named(talk) == {"rounds", "MAX_DEPTH"}
    for seed in range(20):
        changed = renamed(talk, random.Random(seed))
        said = re.search(r", (\w+) stays", changed[4]["content"])
        assert said
        assert f"{said[1]} = 4\n" in changed[3]["content"]


def test_files_that_no_command_names_are_renamed_too() -> None:
    talk = [{**TALK[1], "content": "Learn from data/known.csv; hand in guess.csv."}, *TALK[2:]]
    starts = {renamed(talk, random.Random(seed))[0]["content"] for seed in range(20)}
    assert all(re.fullmatch(r"Learn from data/\w+\.csv; hand in \w+\.csv\.", start) for start in starts)
    assert len(starts) > 10


def test_names_are_put_together_from_given_pieces() -> None:
    constant = [{**message, "content": message["content"].replace("rounds", "ROUNDS")} for message in TALK]
    changed = [renamed(constant, random.Random(seed), pieces=["zz", "XX"]) for seed in range(60)]
    names = [re.search(r"sed -i 's/(\w+) = .* (\w+)\.py", talk[4]["content"]).groups() for talk in changed]  # type: ignore[union-attr]
    assert all(setting.isupper() and file.islower() for setting, file in names)
    assert sum("XX" in setting for setting, _ in names) > 5
    assert sum("zz" in file for _, file in names) > 10


def test_some_names_have_a_word_in_common() -> None:
    reply = "```bash\nsed -i 's/depth = 4/depth = 5/; s/rounds = 10/rounds = 100/' fit.py\n```"
    talk = [
        {**TALK[1]},
        {"role": "user", "content": "depth = 4\nrounds = 10\n"},
        {"role": "assistant", "content": reply},
    ]
    found = []
    for seed in range(80):
        depth, rounds = re.findall(r"s/(\w+) =", renamed(talk, random.Random(seed))[2]["content"])
        found.append(set(depth.split("_")) & set(rounds.split("_")))
    assert 3 < sum(map(bool, found)) < 60


def test_kinds_of_settings_files_are_renamed_and_programs_stay_programs() -> None:
    talk = [
        {**message, "content": message["content"].replace("Settings: fit.py", "Settings: a.json")} for message in TALK
    ]
    found = {
        renamed(talk, random.Random(seed))[1]["content"].split("Settings: ")[1].split(",")[0] for seed in range(20)
    }
    assert len({name.split(".")[1] for name in found}) > 5
    assert "json" in {name.split(".")[1] for name in found}


def test_with_few_pieces_names_have_the_same_ones() -> None:
    pieces = [a + b for a in "bcdfgh" for b in "klmnpr"]
    ambiguous = 0
    for seed in range(60):
        files = set(re.findall(r"(\w+)\.csv", renamed(MANY, random.Random(seed), pieces=pieces)[0]["content"]))
        seen = [piece for file in files for piece in pieces if piece in file]
        ambiguous += len(seen) > len(set(seen))
    assert 10 < ambiguous < 50


MANY: Conversation = [{"role": "user", "content": "Files: one.csv two.csv three.csv four.csv five.csv"}]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "parted"), [("{}", ""), ("name{}", " "), ("n{}.csv", " "), ("n{} = 1", "\n"), ("n{}", ";"), ("a{} #", " ")]
)
def test_the_work_grows_as_the_conversation(name: str, parted: str) -> None:
    def conversation(size: int) -> list[dict[str, str]]:
        text = parted.join(name.format("x" if not parted else number) for number in range(size))
        return [
            {"role": "user", "content": text},
            {"role": "assistant", "content": f"```bash\n{text}\n```"},
            {"role": "user", "content": text},
        ]

    assert growth(conversation, lambda messages: renamed(messages, random.Random(0), set()), 2000) < 9
    assert growth(conversation, lambda messages: (settings_named(messages), copied_names(messages)), 2000) < 9
