"""The parts of the author that is a model: what it reads, what it refuses, how topics are kept apart."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from synthgym.base.errors import UserError
from synthgym.registry.challenge import Dataset
from synthgym.synthesis.language.answers import Unusable, read_files, read_json, read_program, read_text
from synthgym.synthesis.language.calls import Answer
from synthgym.synthesis.language.data.source import Offer, Source
from synthgym.synthesis.language.data.tables import Column, Table
from synthgym.synthesis.language.endpoint import read_author
from synthgym.synthesis.language.prompts import prompts_hash, render
from synthgym.synthesis.language.proposal import Proposal, Topics, form_of, misfits, problems
from synthgym.synthesis.language.settings import Settings
from synthgym.synthesis.language.similarity import Distinct, likeness, stems
from synthgym.synthesis.language.topics import _cells
from synthgym.synthesis.language.writing import Sheet

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
        ('{"topics": "a"}', False, "field 'topics': input should be a valid list"),
        ('{"themes": []}', False, "field 'topics': required, but missing"),
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


HOLDS_FENCES = 'TEXT = """\n```bash\nls\n```\n"""\n'


def test_fences_are_read_as_agents_are_read() -> None:
    assert read_program(answer(f"````python\n{HOLDS_FENCES}````\n```\nshort\n```")) == HOLDS_FENCES
    assert read_program(answer(f"~~~python\n{HOLDS_FENCES}~~~")) == HOLDS_FENCES
    assert read_program(answer("1. This:\n   ```python\n   if x:\n       y\n   ```")) == "if x:\n    y\n"
    text = f"### FILE: a.md\n````markdown\n{HOLDS_FENCES}````\n### FILE: b.py\n~~~\n{PROGRAM}~~~"
    assert read_files(answer(text), ("a.md", "b.py")) == {"a.md": HOLDS_FENCES, "b.py": PROGRAM}
    assert read_text(answer(f"````markdown\n{HOLDS_FENCES}````"), 10) == HOLDS_FENCES.strip()


def test_what_is_torn_by_its_own_fences_is_told() -> None:
    longer = "put a longer fence around it: ````"
    with pytest.raises(Unusable, match=longer):
        read_program(answer(f"```python\n{HOLDS_FENCES}```"))
    with pytest.raises(Unusable, match=longer):
        read_files(answer(f"### FILE: a.md\n```\n{HOLDS_FENCES}```\n### FILE: b.py\n```\n1\n```"), ("a.md", "b.py"))


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
    assert classes.classes == ("A", "B", "C", "D")


def source(name: str, *examples: str, distinct: int | None = None) -> Source:
    """A table with a target of these classes, and one more column."""
    target = column(name, distinct or len(examples), examples=examples)
    table = Table(
        file="t.csv",
        rows=900,
        head=(),
        columns=(target, column("y_1", 300, 0.0)),
        call="pd.read_csv(path, sep=';', decimal=',')",
        understood=("the decimal mark is a comma",),
    )
    return Source(Dataset(source="generated"), (table,))


def test_classes_whose_names_differ_in_signs() -> None:
    asked, given = proposed(target="income", metric="log_loss"), source("income", ">50K", "<=50K")
    form = form_of(asked, given)
    assert form.columns == ("income_at_most_50K", "income_above_50K")
    for part in ("prepare.py", "description"):
        prompt = Sheet("topic", asked, given).prompt(part, {"prepare.py": ""})
        assert "- income_at_most_50K: the class '<=50K'" in prompt
        assert "- income_above_50K: the class '>50K'" in prompt
    signed = form_of(proposed(target="y", metric="brier"), source("y", "-1", "1"))
    assert signed.columns == ("p_y_minus_1", "p_y_1")  # y_1 is another column


def test_classes_whose_names_are_cut_off_alike_get_no_columns() -> None:
    long = "x" * 159 + "…"
    assert misfits(proposed(target="y", metric="brier"), source("y", long, distinct=2))[0][0] == "metric"


def test_prepare_is_told_how_to_read() -> None:
    prompt = Sheet("topic", proposed(target="y"), source("y", "NA", "EU")).prompt("prepare.py", {})
    assert "Read it with `pd.read_csv(path, sep=';', decimal=',')` (the decimal mark is a comma)." in prompt
    assert "Read each file with the very call that the sheet gives for it" in prompt


def lines(datasets: tuple[str, ...], offers: list[Offer], count: int, **more: Any) -> list[str]:
    """What topics are asked for."""
    cells = _cells(Settings(datasets=datasets, **more), random.Random(1), offers)
    return [cell.line for cell in itertools.islice(cells, count)]


def test_topics_are_asked_for_with_the_tables_in_view() -> None:
    offers = [Offer("wheat.csv", "columns rain"), Offer("hives", "columns mites")]
    own = lines(("/mine",), offers, 8)
    assert [("wheat.csv" in line, "hives" in line).count(True) for line in own] == [1] * 8
    assert len(set(own)) == 8  # each time another task
    assert sum("data set: " in line for line in lines(("/mine", "hub"), offers, 8)) == 4
    assert sum("no data" in line for line in lines(("/mine", "generated"), offers, 16)) == 2
    assert all(line.startswith("domain: bees; data set: ") for line in lines(("/mine",), offers, 4, domains=("bees",)))
    prompt = render("topics", cells=own, taken=[], offers=offers)
    assert "What is in the data sets:\n- wheat.csv: columns rain\n- hives: columns mites\n" in prompt
    assert "What is in" not in render("topics", cells=lines(("hub",), [], 3), taken=[], offers=[])


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
        read_author(text)


def test_an_endpoint() -> None:
    found = read_author("openai:org/model-4b@http://127.0.0.1:8000/v1?temperature=0.5&price_prompt=2")
    assert (found.model, found.base_url, found.settings.sampling()) == (
        "org/model-4b",
        "http://127.0.0.1:8000/v1",
        {"temperature": 0.5},
    )
    price = found.settings.price()
    assert price is not None
    assert price.of(1_000_000, 5) == 2.0
