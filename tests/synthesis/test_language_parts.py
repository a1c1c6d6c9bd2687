"""The parts of the author that is a model: what it reads, what it refuses, how topics are kept apart."""

from __future__ import annotations

import pytest

from synthgym.base.errors import UserError
from synthgym.registry.challenge import Dataset
from synthgym.synthesis.language.calls import Answer
from synthgym.synthesis.language.endpoint import Endpoint
from synthgym.synthesis.language.prompts import prompts_hash, render
from synthgym.synthesis.language.proposal import Proposal, Topics, form_of, misfits, problems
from synthgym.synthesis.language.reading import Unusable, read_files, read_json, read_program, read_text
from synthgym.synthesis.language.sources import Source
from synthgym.synthesis.language.tables import Column, Table
from synthgym.synthesis.similarity import Distinct, likeness, stems

PROGRAM = "import os\nprint(os.sep)\n"


def answer(text: str, cut_off: bool = False) -> Answer:
    return Answer(text, cut_off)


@pytest.mark.parametrize(
    "text",
    [
        '{"topics": ["a", "b"]}',
        'Sure!\n```json\n{"topics": ["a", "b"]}\n```\nAnything else?',
        'Here: {"topics": ["a", "b"]} and so on {',
        '```\n{"topics": ["a", "b"]}\n```',
    ],
)
def test_json_among_words(text: str) -> None:
    assert read_json(answer(text), Topics).topics == ["a", "b"]


DRAFT = (
    "I must not tell that x is noise.\n```python\nraise SystemExit('a draft that is longer than the program')\n```\n"
)


@pytest.mark.parametrize(
    "thoughts",
    [
        "<think>{}</think>\n",
        "{}</think>\n",
        "<thought>{}</thought>",
        "[THINK]{}[/THINK]",
        "<reasoning>\n{}</reasoning>\n",
    ],
)
def test_thoughts_are_never_read(thoughts: str) -> None:
    def thinking(text: str) -> Answer:
        return answer(thoughts.format(DRAFT + '{"topics": ["draft"]}\n### FILE: a.py\n```python\n1\n```\n') + text)

    assert read_program(thinking(f"```python\n{PROGRAM}```")) == PROGRAM
    assert read_files(thinking(f"### FILE: b.py\n```python\n{PROGRAM}```"), ["a.py", "b.py"]) == {"b.py": PROGRAM}
    assert read_json(thinking('{"topics": ["a"]}'), Topics).topics == ["a"]
    assert read_text(thinking("The yield of fields from rain."), 10) == "The yield of fields from rain."


@pytest.mark.parametrize("text", [f"<think>{DRAFT}", f"[THINK]{DRAFT}", f"<|channel|>analysis<|message|>{DRAFT}"])
def test_an_answer_that_ended_while_still_thinking_is_none(text: str) -> None:
    for read in (read_program, lambda it: read_text(it, 5), lambda it: read_json(it, Topics)):
        with pytest.raises(Unusable, match=r"thoughts that never end.*") as caught:
            read(answer(text, cut_off=True))
        assert "noise" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "cut_off", "said"),
    [
        ("I'm sorry, I can't.", False, "expected a JSON object, got \"I'm sorry"),
        ("", False, "got nothing"),
        ('{"topics": ["a", ', True, "cannot be read.*cut off"),
        ('{"topics": "a"}', False, "field topics: Input should be a valid list"),
        ('{"themes": []}', False, "field topics: Field required"),
        ("[1, 2]", False, "expected a JSON object"),
    ],
)
def test_what_is_no_such_json(text: str, cut_off: bool, said: str) -> None:
    with pytest.raises(Unusable, match=said):
        read_json(answer(text, cut_off), Topics)


def test_programs() -> None:
    assert read_program(answer(f"First\n```python\n{PROGRAM}```\nthen\n```\nx\n```")) == PROGRAM
    assert read_program(answer(f"```python title=prepare.py\n{PROGRAM}```")) == PROGRAM
    with pytest.raises(Unusable, match=r"whole program in a fenced block.*cut off"):
        read_program(answer(f"```python\n{PROGRAM}", cut_off=True))


def test_files() -> None:
    names = ("prepare.py", "baseline.py")
    text = f"Two.\n\n### FILE: prepare.py\n```python\n{PROGRAM}```\n\n## FILE: `./baseline.py`\n\n```\nx = 1\n```\n"
    assert read_files(answer(text), names) == {"prepare.py": PROGRAM, "baseline.py": "x = 1\n"}
    assert read_files(answer(f"```python\n{PROGRAM}```"), ("prepare.py",)) == {"prepare.py": PROGRAM}
    with pytest.raises(Unusable, match=r"files among baseline.py, prepare.py; got /etc/passwd"):
        read_files(answer("### FILE: /etc/passwd\n```\nx\n```"), names)
    with pytest.raises(Unusable, match="each after a line"):
        read_files(answer(f"```python\n{PROGRAM}```"), names)


def test_texts() -> None:
    assert read_text(answer("```\nA text that is long enough.\n```"), 10) == "A text that is long enough."
    for text, cut_off in (("short", False), ("A text that is long enough", True)):
        with pytest.raises(Unusable):
            read_text(answer(text, cut_off), 10)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Predict used car prices from mileage and age", "The price of used cars, by their age and mileage", True),
        ("The yield of a wheat field from rain and soil", "Predicting wheat field yield from soil and rainfall", True),
        ("The price of used cars from their age", "The price of used tractors at auction, from hours and wear", False),
        ("Rainfall in a valley tomorrow", "Whether a loan is repaid", False),
    ],
)
def test_topics_that_say_the_same(one: str, other: str, same: bool) -> None:
    distinct = Distinct([one])
    assert distinct.add(other) is not same
    assert likeness(stems(one), stems(one)) == 1
    assert likeness(stems(one), stems(other)) == likeness(stems(other), stems(one))


def column(
    name: str, distinct: int, low: float | None = None, missing: int = 0, examples: tuple[str, ...] = ()
) -> Column:
    return Column(name=name, type="x", distinct=distinct, missing=missing, examples=examples, low=low, high=low)


SOURCE = Source(
    Dataset(source="generated"),
    (
        Table(
            file="t.csv",
            rows=900,
            head=(),
            columns=(
                column("amount (EUR)", 300, 0.0),
                column("grade", 4, examples=("D", "A", "C", "B")),
                column("repaid", 2, examples=("yes", "no")),
                column("same", 1),
                column("name", 900),
                column("sparse", 40, 0.0, missing=600),
            ),
        ),
    ),
)


def proposed(**changed: object) -> Proposal:
    fields = {
        "title": "T",
        "question": "Q",
        "datasets": ["d"],
        "target": "grade",
        "metric": "accuracy",
        "direction": "higher",
        "why_hard": "",
    }
    return Proposal.model_validate({**fields, **changed})


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({}, None),
        ({"target": "amount (EUR)", "metric": "rmse"}, None),
        ({"target": "repaid", "metric": "roc_auc"}, None),
        ({"target": "grades"}, "no target"),
        ({"target": "same"}, "constant target"),
        ({"target": "name"}, "metric"),
        ({"metric": "rmse"}, "metric"),
        ({"metric": "roc_auc"}, "metric"),
        ({"target": "name", "metric": "log_loss"}, "metric"),
        ({"target": "sparse", "metric": "rmse"}, "too few rows"),
        ({"split": "grouped", "split_column": "group"}, "no column"),
    ],
)
def test_what_fits_the_data(changed: dict[str, object], kind: str | None) -> None:
    proposal = proposed(**changed)
    assert problems(proposal) == []
    assert [found for found, _ in misfits(proposal, SOURCE)] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"metric": "closeness"}, "metric: expected one of accuracy"),
        ({"datasets": []}, "datasets: expected at least one"),
        ({"datasets": ["generated"]}, "kind: expected 'module'"),
        ({"kind": "module"}, "kind: expected 'module' for generated data"),
        ({"kind": "module", "datasets": ["generated"], "metric": "Mean Profit"}, "small letters"),
        ({"split": "ordered"}, "split_column: expected the column"),
        ({"title": " "}, "title and question"),
    ],
)
def test_what_is_wrong_whatever_the_data(changed: dict[str, object], said: str) -> None:
    assert any(said in text for text in problems(proposed(**changed)))


def test_what_is_handed_in() -> None:
    assert form_of(proposed(), SOURCE).columns == ("grade",)
    assert form_of(proposed(target="amount (EUR)", metric="mae"), SOURCE).columns == ("amount_EUR",)
    ranked = form_of(proposed(target="repaid", metric="roc_auc"), SOURCE)
    assert (ranked.columns, ranked.positive) == (("repaid",), "yes")
    classes = form_of(proposed(metric="log_loss", direction="higher"), SOURCE)
    assert (classes.columns, classes.direction) == (("grade_A", "grade_B", "grade_C", "grade_D"), "lower")


def test_every_prompt_is_part_of_the_hash() -> None:
    assert len(prompts_hash()) == 16
    assert "expected" not in render("system")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("openai:", "expected openai:MODEL"),
        ("gpt-5", "expected openai:MODEL"),
        ("openai:m@ftp://x", "expected openai:MODEL"),
        ("openai:m?temprature=1", "did you mean 'temperature'"),
        ("openai:m?temperature=hot", "setting 'temperature'"),
        ("openai:m@http://user:key@host/v1", "not in the URL"),
    ],
)
def test_endpoints_that_are_none(text: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        Endpoint.parse(text)


def test_an_endpoint() -> None:
    found = Endpoint.parse("openai:org/model-4b@http://127.0.0.1:8000/v1?temperature=0.5&price_prompt=2")
    assert (found.model, found.base_url, found.sampling()) == (
        "org/model-4b",
        "http://127.0.0.1:8000/v1",
        {"temperature": 0.5},
    )
    price = found.price()
    assert price is not None
    assert price.of(1_000_000, 5) == 2.0
