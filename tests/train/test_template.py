"""Templates of other models: agents' conversations go through them, and what is learned is what is served."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from synthgym.base.errors import UserError
from synthgym.train.conversations import encode
from synthgym.train.models.resolve import load_model
from synthgym.train.models.saving import save_model
from synthgym.train.models.template import prepare
from synthgym.train.sft.run import SFTSettings, sft
from synthgym.train.small.student import StudentConfig, new_student
from synthgym.train.small.tokenizer import train_tokenizer

WORDS = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron"]

GEMMA = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}"
    "{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
    "{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}"
    "{% endif %}{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}"
)
SPACED_GEMMA = GEMMA.replace("{% endfor %}", "{%  endfor  %}")
"""The same to everybody who renders it, and unknown to TRL, which knows templates by their text."""

CHATML = (
    "{% for message in messages %}{{ '<start_of_turn>' + message['role'] + '\n' + message['content'] + "
    "'<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>assistant\n' }}{% endif %}"
)
NO_END = (
    "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}"
)
DROPS_SYSTEM = CHATML.replace("in messages %}", "in messages if message['role'] != 'system' %}")
SYSTEM_LAST = (  # as Mistral's: the system message stands with the last question
    "{% for message in messages %}{% if message['role'] == 'user' %}{{ '[INST]' }}"
    "{% if messages[0]['role'] == 'system' and loop.index0 >= messages|length - 2 %}{{ messages[0]['content'] }}"
    "{% endif %}{{ message['content'] + '[/INST]' }}{% elif message['role'] == 'assistant' %}"
    "{{ message['content'] + eos_token }}{% endif %}{% endfor %}"
)
TEMPLATES = {
    "gemma": GEMMA,
    "gemma, unknown to TRL": SPACED_GEMMA,
    "chatml of another end": CHATML,
    "no end": NO_END,
    "drops the system message": DROPS_SYSTEM,
    "system message last": SYSTEM_LAST,
}


def talk(rng: random.Random) -> list[dict[str, str]]:
    first, second = rng.sample(WORDS, 2)
    return [
        {"role": "system", "content": "Say what is asked."},
        {"role": "user", "content": f"Say {first}."},
        {"role": "assistant", "content": f"echo {first}"},
        {"role": "user", "content": f"Say {second}."},
        {"role": "assistant", "content": f"echo {second}"},
    ]


def tokenizer_with(template: str | None, *, eos: str | None = "<eos>") -> Any:
    """A tokenizer without a pad token, as many base models have it."""
    from transformers import PreTrainedTokenizerFast

    words = train_tokenizer([talk(random.Random(seed)) for seed in range(40)], words=330, phrases=0)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=words.backend_tokenizer,
        bos_token="<bos>",
        eos_token=eos,
        additional_special_tokens=["<start_of_turn>", "<end_of_turn>"],
        clean_up_tokenization_spaces=False,
    )
    tokenizer.chat_template = template
    assert tokenizer.pad_token is None
    return tokenizer


def base_with(template: str | None, **options: Any) -> tuple[Any, Any]:
    tokenizer = tokenizer_with(template, **options)
    return new_student(StudentConfig(width=32, layers=2, inner=64), tokenizer), tokenizer


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_is_learned_is_the_replies_and_their_end(name: str) -> None:
    model, tokenizer = base_with(TEMPLATES[name])
    prepare(tokenizer, model)
    messages = talk(random.Random(1))
    sample = encode(tokenizer, messages)
    runs: list[list[int]] = [[]]
    for label in sample.labels:
        runs[-1].append(label) if label != -100 else runs.append([])
    replies = [tokenizer.decode(run) for run in runs if run]
    stops = model.generation_config.eos_token_id
    ends = {tokenizer.decode([stop]) for stop in (stops if isinstance(stops, list) else [stops])}
    wanted = [message["content"] for message in messages if message["role"] == "assistant"]
    assert len(replies) == len(wanted)
    for reply, content in zip(replies, wanted, strict=True):
        assert reply.startswith(content)
        assert reply.removeprefix(content).strip() in ends
    shown = tokenizer.decode(sample.input_ids)
    assert all(message["content"] in shown for message in messages)


@pytest.mark.parametrize("name", TEMPLATES)
def test_serving_shows_what_training_showed(name: str) -> None:
    model, tokenizer = base_with(TEMPLATES[name])
    prepare(tokenizer, model)
    messages = talk(random.Random(2))
    sample = encode(tokenizer, messages)
    asked = tokenizer.apply_chat_template(messages[:-1], add_generation_prompt=True, tokenize=True)["input_ids"]
    assert sample.input_ids[: len(asked)] == asked
    assert sample.labels[len(asked) - 1] == -100
    assert sample.labels[len(asked)] == sample.input_ids[len(asked)]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gemma", "gemma, unknown to TRL", "no end"])
def test_a_student_is_trained_saved_and_stops(name: str, tmp_path: Path) -> None:
    model, tokenizer = base_with(TEMPLATES[name])
    save_model(model, tokenizer, tmp_path / "base")
    talks = [talk(random.Random(seed)) for seed in range(300)]
    lines = "".join(json.dumps({"messages": messages}) + "\n" for messages in talks)
    (tmp_path / "messages.jsonl").write_text(lines, encoding="utf-8")
    settings = SFTSettings(learning_rate=5e-3, max_steps=250, batch=8, micro_batch=8, warmup_steps=5)
    sft(tmp_path / "base", tmp_path / "messages.jsonl", tmp_path / "student", settings)
    student, tokenizer = load_model(tmp_path / "student")
    asked = tokenizer.apply_chat_template(
        talk(random.Random(5))[:2], add_generation_prompt=True, return_tensors="pt", return_dict=True
    )
    said = student.generate(**asked, max_new_tokens=40, do_sample=False)[0, asked["input_ids"].shape[1] :]
    word = talk(random.Random(5))[1]["content"].removeprefix("Say ").removesuffix(".")
    assert tokenizer.decode(said, skip_special_tokens=True) == f"echo {word}"
    assert len(said) < 40  # it stopped by itself


def test_packing_pads_with_what_there_is(tmp_path: Path) -> None:
    model, tokenizer = base_with(GEMMA)
    save_model(model, tokenizer, tmp_path / "base")
    lines = "".join(json.dumps({"messages": talk(random.Random(seed))}) + "\n" for seed in range(20))
    (tmp_path / "messages.jsonl").write_text(lines, encoding="utf-8")
    settings = SFTSettings(packing=True, max_length=256, max_steps=2)
    assert sft(tmp_path / "base", tmp_path / "messages.jsonl", tmp_path / "student", settings).steps == 2


@pytest.mark.parametrize(
    ("template", "eos", "message"),
    [
        (None, "<eos>", "has no chat template"),
        (NO_END, None, r"ends no reply, and the tokenizer has no eos_token"),
        ("{{ messages[0]['content'] }}", "<eos>", "cannot be made fit"),
        ("{{ raise_exception('not today') }}", "<eos>", "refuses a conversation: not today"),
    ],
)
def test_a_template_that_will_not_do_is_told(template: str | None, eos: str | None, message: str) -> None:
    model, tokenizer = base_with(template, eos=eos)
    with pytest.raises(UserError, match=message):
        prepare(tokenizer, model)


def test_a_conversation_that_the_template_refuses_is_named(tmp_path: Path) -> None:
    model, tokenizer = base_with(GEMMA)
    save_model(model, tokenizer, tmp_path / "base")
    twice = [{"role": "user", "content": "Twice"}, {"role": "user", "content": "asked"}]
    line = json.dumps({"messages": [*twice, {"role": "assistant", "content": "no"}]})
    (tmp_path / "messages.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"must alternate.*begins with 'Twice'"):
        sft(tmp_path / "base", tmp_path / "messages.jsonl", tmp_path / "student")


def test_our_own_template_is_left_as_it_is() -> None:
    tokenizer = train_tokenizer([talk(random.Random(0))] * 3, words=300, phrases=0)
    before = tokenizer.chat_template
    model = new_student(StudentConfig(width=32, layers=2, inner=64), tokenizer)
    prepare(tokenizer, model)
    assert tokenizer.chat_template == before
    assert model.generation_config.eos_token_id == tokenizer.eos_token_id
