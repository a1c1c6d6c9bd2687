"""What MLGym's files do not say of its tasks: which metric counts, and which direction of it is better.

Facts about each task, found by reading its evaluator; a user adds rows for tasks of their own, in a YAML file::

    myTask: {metric: accuracy, direction: higher, optimum: 1.0}
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from synthgym.base.errors import SpecError
from synthgym.base.validation import validated
from synthgym.registry.yaml_reading import read_yaml

TABLE_VARIABLE = "SYNTHGYM_MLGYM_TABLE"
"""Environment variable that names a file of further rows."""


class AnswerForm(BaseModel):
    """What a submitted function may answer: one of these.

    Attributes:
        one_of: These whole numbers.
        integers: So many whole numbers, none negative.
        sum: The most that these may be together.
        decision: The next variable of a SAT solver, and its value.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    one_of: list[int] | None = None
    integers: int | None = None
    sum: int | None = None
    decision: bool | None = None

    @model_validator(mode="after")
    def _one(self) -> AnswerForm:
        kinds = builtins.sum(each is not None for each in (self.one_of, self.integers, self.decision))
        if kinds != 1 or (self.sum is None) != (self.integers is None):
            raise ValueError("expected one_of, or integers and their sum, or decision")
        return self


class Row(BaseModel):
    """What counts in one task.

    Attributes:
        metric: The key, among those that the evaluator prints, of the one that counts.
        direction: Which scores are better.
        optimum: The best score there can be, where there is one.
        noise: Differences up to this mean nothing. For tables the standard deviation over the rows of half a test set,
            and for games more than the starter's score on either half lies from what MLGym states; for networks
            the standard deviation that MLGym states, over the root of the number of starts (Breakout, Mountain Car),
            or that of a better network's score, over other starts. Measured with MLGym's evaluators; for the two of
            images and the one of language reckoned from the stated accuracy, √(p(1−p)/rows of a half); 0 where they
            cannot be run here.
        reference: A score to measure improvement by; None: see `synthgym.registry.mlgym.challenge`.
        submission: The file that is handed in, where its evaluator imports several.
        answer: What its functions may answer; see `synthgym.envs.tools.answer_forms`. Without it, whatever the
            evaluator takes.
        answers: For a data set of the Hugging Face Hub: split → columns that only the evaluator may read.
        models: The models of the Hugging Face Hub that its code loads; None: those whose names are in its source.
        files: For weights: patterns of the files that are handed in together, which are data and no code.
        note: What keeps its starter from running as it is, told to the agent; None where nothing does.
        image: What has to be installed where it runs; see `synthgym.registry.images`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    metric: str
    direction: Literal["higher", "lower"]
    optimum: float | None = None
    noise: float = 0.0
    reference: float | None = None
    submission: str | None = None
    answer: AnswerForm | None = None
    answers: dict[str, list[str]] | None = None
    models: list[str] | None = None
    files: list[str] = []
    note: str | None = None
    image: str = "cpu"


def _higher(metric: str, optimum: float | None = None, **more: Any) -> Row:
    return Row(metric=metric, direction="higher", optimum=optimum, **more)


def _lower(metric: str, optimum: float | None = None, **more: Any) -> Row:
    return Row(metric=metric, direction="lower", optimum=optimum, **more)


def _images(noise: float) -> Row:
    return _higher("accuracy", 1.0, noise=noise, answers={"test": ["label"]}, image="transformers")


BENCHMARK: Mapping[str, Row] = {
    "regressionKaggleHousePrice": _higher("r2", 1.0, noise=0.018, reference=0.912),
    "3SATTime": _lower("Time", 0.0, answer=AnswerForm(decision=True)),
    "imageClassificationCifar10": _images(noise=0.007),
    "imageClassificationFMnist": _images(noise=0.006),
    "imageCaptioningCOCO": _higher("BLEU Score", 1.0),
    "languageModelingFineWeb": _lower("val_loss", 0.0),
    "naturalLanguageInferenceMNLI": _higher(
        "validation_accuracy",
        100.0,
        noise=0.71,
        answers={"validation_matched": ["label"]},
        files=["bert_mnli_model/*.json", "bert_mnli_model/*.safetensors"],
        note="The starter does not run as it is. It loads SetFit/mnli: take multi_nli, its columns premise and "
        "hypothesis for text1 and text2, and its split validation_matched for validation. And it imports "
        "transformers.AdamW, which is gone: take torch.optim.AdamW.",
        image="transformers",
    ),
    "battleOfSexes": _higher("Score", 2.0, noise=0.008, reference=1.442, answer=AnswerForm(one_of=[0, 1])),
    "prisonersDilemma": _higher("Score", 5.0, noise=0.011, reference=2.617, answer=AnswerForm(one_of=[0, 1])),
    "blotto": _higher("Score", 1.0, noise=0.006, reference=0.227, answer=AnswerForm(integers=6, sum=120)),
    "rlBreakoutMinAtar": _higher("Reward Mean", image="jax", noise=0.85, reference=84.0),
    "rlMetaMazeMisc": _higher("Reward Mean", image="jax", noise=1.0, reference=48.2),
    "rlMountainCarContinuous": _higher("Reward Mean", image="jax", noise=1.2, reference=82.9),
}
"""The thirteen tasks that MLGym's published figures are of, by their ids."""

OTHERS: Mapping[str, Row] = {
    "titanicSurvival": _higher("accuracy", 1.0, noise=0.029, reference=1.0),  # its answers are who was a woman
    "regressionKaggleHousePriceL1": _higher("r2", 1.0, noise=0.018, reference=0.912),
    "regressionHousePrice": _higher("r2", 1.0),
    "imageClassificationCifar10L1": _images(noise=0.007),
    "rlMountainCarContinuousReinforce": _higher("Reward Mean", image="jax", noise=1.2, reference=82.9),
}
"""Tasks that lie beside them in its repository."""


def read_table(path: Path | None = None) -> dict[str, Row]:
    """Rows by task: our own, and over them those of a user's file.

    Raises:
        SpecError: The file cannot be read, or a row is not what it should be.
    """
    table = {**BENCHMARK, **OTHERS}
    if path is None:
        return table
    try:
        given = read_yaml(path, links=True)
    except OSError as error:
        raise SpecError(f"{path}: cannot be read: {error}") from error
    if not isinstance(given, dict):
        raise SpecError(f"{path}: expected tasks and what counts in each, got {type(given).__name__}")
    for task, row in given.items():
        table[str(task)] = validated(Row.model_validate, row, f"{path}: {task}", SpecError)
    return table
