"""Metrics by name: what scores a submission of kind ``file``, in numpy alone.

A metric takes the truth and the submission as arrays of one shape and gives one number::

    >>> import numpy as np
    >>> from synthgym.registry.metrics import get_metric
    >>> rmse = get_metric("rmse")
    >>> rmse(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    1.4142135623730951

=============  ===================================================================================
kind           arrays
=============  ===================================================================================
label          ``(n,)``, class labels as text
value          ``(n,)``, finite floats
probability    ``(n, k)``, one column a class: a one-hot truth, rows of the submission that sum to 1;
               where a metric ranks ``(n, 1)``: 0 or 1, and a score
=============  ===================================================================================

How many columns a metric takes is part of its definition, and it refuses any other number: nothing of a submission goes
unscored. One of labels or of values that takes several gets arrays ``(n, k)`` where a challenge has k > 1.

Where scikit-learn has the metric, the number is scikit-learn's. A metric that the *truth* leaves undefined (one class
only, a constant target) is nan: no score, and no fault of the submission. Otherwise a submission of the right form
always gets a finite number, however bad it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from synthgym.base.errors import UnknownNameError, UserError

Array = NDArray[Any]
MetricFunction = Callable[[Array, Array], float]

_EPS = float(np.finfo(np.float64).eps)

LARGEST = 1e100
"""Of scores: squares, sums and quotients of such are numbers still."""


@dataclass(frozen=True)
class MetricDef:
    """A metric and what is known about it.

    Attributes:
        name: What challenges call it.
        kind: What a submission consists of; see the table above.
        direction: Which scores are better.
        worst: The worst score there is, None where there is no bound.
        optimum: The score of a perfect submission.
        fn: ``fn(y_true, y_pred) -> float``.
        by_identity: Only for labels: the score depends on which labels are equal and not on their text, so that they
            may be replaced by numbers. Makes `bootstrap_sd` several times faster.
        columns: The fewest and the most columns of a submission that it takes; None for the most: any number. By
            default one; for `probability` one a class, two or more.
        by_class: Each class counts the same in it, however rare.
    """

    name: str
    kind: Literal["label", "value", "probability"]
    direction: Literal["higher", "lower"]
    worst: float | None
    optimum: float
    fn: MetricFunction
    by_identity: bool = False
    columns: tuple[int, int | None] | None = None
    by_class: bool = False

    def takes(self, columns: int) -> bool:
        """Whether it scores submissions of so many columns."""
        fewest, most = self.column_range
        return fewest <= columns and (most is None or columns <= most)

    @property
    def column_range(self) -> tuple[int, int | None]:
        """The fewest and the most columns that it takes; None: any number."""
        return self.columns or ((2, None) if self.kind == "probability" else (1, 1))

    @property
    def ranks(self) -> bool:
        """Whether it asks for a score of one class alone, and scores the order that it puts the rows in."""
        return self.kind == "probability" and self.column_range == (1, 1)

    @property
    def expected_columns(self) -> str:
        """How many columns it takes, in words."""
        fewest, most = self.column_range
        if (fewest, most) == (1, 1):
            return "one column"
        if self.kind == "probability" and most is None:
            return "one column for each class"
        return f"{fewest} columns" if fewest == most else f"{fewest} to {most} columns" if most else "1 column or more"

    def __call__(self, y_true: Array, y_pred: Array) -> float:
        """The score of `y_pred`: finite, or nan where the truth leaves the metric undefined.

        Predictions so far off that their error is beyond `LARGEST` score that: a submission must not be able to break
        its grader, or what is reckoned of its score.

        Raises:
            ValueError: The arrays are empty, differ in shape, or have a number of columns that it does not take. Check
                a submission's form before it is scored.
        """
        if y_true.shape != y_pred.shape or not len(y_true):
            raise ValueError(
                f"metric {self.name!r}: expected two arrays of one shape with at least one row, "
                f"got {y_true.shape} and {y_pred.shape}"
            )
        if y_true.ndim > 2 or not self.takes(1 if y_true.ndim == 1 else y_true.shape[1]):
            raise ValueError(f"metric {self.name!r}: expected {self.expected_columns}, got arrays of {y_true.shape}")
        with np.errstate(over="ignore", invalid="ignore"):
            score = self.fn(y_true, y_pred)
        return math.copysign(LARGEST, score) if abs(score) > LARGEST else score

    def better(self, a: float, b: float) -> bool:
        """Whether score `a` is better than score `b`."""
        return a > b if self.direction == "higher" else a < b


# Labels


def accuracy(y_true: Array, y_pred: Array) -> float:
    """Share of rows with the right label."""
    return float(np.mean(y_true == y_pred))


def _counts(y_true: Array, y_pred: Array) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Rows of a class that are right, that are of it, that were called it; every class that stands in either array.

    These margins and the diagonal are all that is needed of a table of confusion. The table itself has a cell for each
    pair of classes, and how many there are is up to a submission.
    """
    names, codes = np.unique(np.concatenate([y_true, y_pred]), return_inverse=True)
    n, k = len(y_true), len(names)
    true, predicted = codes[:n], codes[n:]
    right = np.bincount(true[true == predicted], minlength=k)
    return right, np.bincount(true, minlength=k), np.bincount(predicted, minlength=k)


def balanced_accuracy(y_true: Array, y_pred: Array) -> float:
    """Mean recall over the classes of the truth: each class counts the same, however rare."""
    right, of_class, _ = _counts(y_true, y_pred)
    there = of_class > 0
    return float(np.mean(right[there] / of_class[there]))


def f1_macro(y_true: Array, y_pred: Array) -> float:
    """Mean over classes of 2·TP / (2·TP + FP + FN), over every class of truth or prediction."""
    right, true, predicted = _counts(y_true, y_pred)
    return float(np.mean(2 * right / (predicted + true)))


def matthews_corrcoef(y_true: Array, y_pred: Array) -> float:
    """Matthews' correlation for any number of classes (Gorodkin 2004); 0 where either side has one class only."""
    right, true, predicted = (counts.astype(np.float64) for counts in _counts(y_true, y_pred))
    n = true.sum()
    spread = (n * n - predicted @ predicted) * (n * n - true @ true)
    if spread <= 0:
        return 0.0
    return float((right.sum() * n - true @ predicted) / np.sqrt(spread))


# Probabilities


def log_loss(y_true: Array, y_pred: Array) -> float:
    """Mean of −ln p(true class); p is clipped to [ε, 1 − ε], ε the precision of a double, so ≤ 36.04."""
    clipped = np.clip(np.asarray(y_pred, dtype=np.float64), _EPS, 1 - _EPS)
    return float(-np.sum(y_true * np.log(clipped)) / len(y_true))


def brier(y_true: Array, y_pred: Array) -> float:
    """Half the mean squared distance of a row's probabilities from its truth: 0 to 1 for any number of classes.

    For two classes this is the familiar mean of (p − y)²; scikit-learn's `brier_score_loss(scale_by_half=True)`.
    """
    return float(np.sum((y_true - y_pred) ** 2) / (2 * len(y_true)))


def _ranks(x: Array) -> NDArray[np.float64]:
    """Ranks from 1; equal values share the mean of their ranks."""
    order = np.argsort(x)
    ordered = x[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    ends = np.append(first[1:], len(x))
    ranks = np.empty(len(x))
    ranks[order] = np.repeat((first + ends + 1) / 2, ends - first)
    return ranks


def _scores_of(y_true: Array, y_pred: Array) -> tuple[NDArray[np.bool_], Array]:
    truth = np.ravel(y_true)
    wrong = truth[(truth != 0) & (truth != 1)]
    if len(wrong):
        raise ValueError(f"expected a truth of 0 and 1, got {wrong[0]:g}: which rows are positive cannot be told")
    return truth == 1, np.ravel(y_pred)


def roc_auc(y_true: Array, y_pred: Array) -> float:
    """Chance that a positive row scores above a negative one, a tie counting half (Mann–Whitney U by ranks).

    nan where the truth has one class only.
    """
    positive, scores = _scores_of(y_true, y_pred)
    n_pos = int(np.count_nonzero(positive))
    n_neg = len(positive) - n_pos
    if not n_pos or not n_neg:
        return float("nan")
    return float((_ranks(scores)[positive].sum() - n_pos * (n_pos + 1) / 2) / (n_pos * n_neg))


def average_precision(y_true: Array, y_pred: Array) -> float:
    """Area under precision over recall as steps, without interpolation; equal scores are one step.

    nan where the truth has no positive row.
    """
    positive, scores = _scores_of(y_true, y_pred)
    n_pos = int(np.count_nonzero(positive))
    if not n_pos:
        return float("nan")
    order = np.argsort(-scores)
    ordered = scores[order]
    last = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]), len(ordered) - 1)
    hits = np.cumsum(positive[order])[last]
    return float(np.sum(np.diff(hits, prepend=0) * hits / (last + 1)) / n_pos)


# Values


def mse(y_true: Array, y_pred: Array) -> float:
    """Mean squared error."""
    return float(np.mean((y_true - y_pred) ** 2))


def rmse(y_true: Array, y_pred: Array) -> float:
    """Root of the mean squared error."""
    return float(np.sqrt(mse(y_true, y_pred)))


def mae(y_true: Array, y_pred: Array) -> float:
    """Mean absolute error."""
    return float(np.mean(np.abs(y_true - y_pred)))


def median_absolute_error(y_true: Array, y_pred: Array) -> float:
    """Median of the absolute errors."""
    return float(np.median(np.abs(y_true - y_pred)))


def r2(y_true: Array, y_pred: Array) -> float:
    """1 − squared error / squared error of predicting the truth's mean.

    nan for a constant truth (scikit-learn gives 1 or 0 there; neither says anything about the prediction).
    """
    spread = float(np.sum((y_true - np.mean(y_true)) ** 2))
    if spread == 0:
        return float("nan")
    return float(1 - np.sum((y_true - y_pred) ** 2) / spread)


def mape(y_true: Array, y_pred: Array) -> float:
    """Mean of |error| / |truth|, as a ratio and not in percent; huge where the truth is 0 (scikit-learn's floor ε)."""
    return float(np.mean(np.abs(y_true - y_pred) / np.maximum(np.abs(y_true), _EPS)))


def smape(y_true: Array, y_pred: Array) -> float:
    """Mean of 2·|error| / (|truth| + |prediction|), 0 to 2; a row where both are 0 counts 0."""
    size = np.abs(y_true) / 2 + np.abs(y_pred) / 2
    return float(np.mean(np.abs(y_true - y_pred) / np.where(size > 0, size, 1.0)))


def pearson(y_true: Array, y_pred: Array) -> float:
    """Linear correlation; 0 for a constant prediction, nan for a constant truth."""
    # Asked of the values and not of their sd: a constant column's mean is rounded, and its sd need not be 0.
    if np.all(y_true == y_true[0]):
        return float("nan")
    if np.all(y_pred == y_pred[0]):
        return 0.0
    y_pred = y_pred / np.max(np.abs(y_pred))
    a, b = y_true - np.mean(y_true), y_pred - np.mean(y_pred)
    return float(np.clip(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)), -1, 1))


def spearman(y_true: Array, y_pred: Array) -> float:
    """Correlation of the ranks, ties sharing their mean rank; 0 for a constant prediction, nan for a constant truth."""
    return pearson(_ranks(y_true), _ranks(y_pred))


METRICS: dict[str, MetricDef] = {
    metric.name: metric
    for metric in (
        MetricDef("accuracy", "label", "higher", 0.0, 1.0, accuracy, by_identity=True),
        MetricDef("balanced_accuracy", "label", "higher", 0.0, 1.0, balanced_accuracy, by_identity=True, by_class=True),
        MetricDef("f1_macro", "label", "higher", 0.0, 1.0, f1_macro, by_identity=True, by_class=True),
        MetricDef("matthews_corrcoef", "label", "higher", -1.0, 1.0, matthews_corrcoef, by_identity=True),
        MetricDef("log_loss", "probability", "lower", float(-np.log(_EPS)), 0.0, log_loss),
        MetricDef("brier", "probability", "lower", 1.0, 0.0, brier),
        MetricDef("roc_auc", "probability", "higher", 0.0, 1.0, roc_auc, columns=(1, 1)),
        MetricDef("average_precision", "probability", "higher", 0.0, 1.0, average_precision, columns=(1, 1)),
        MetricDef("mse", "value", "lower", None, 0.0, mse),
        MetricDef("rmse", "value", "lower", None, 0.0, rmse),
        MetricDef("mae", "value", "lower", None, 0.0, mae),
        MetricDef("median_absolute_error", "value", "lower", None, 0.0, median_absolute_error),
        MetricDef("r2", "value", "higher", None, 1.0, r2),
        MetricDef("mape", "value", "lower", None, 0.0, mape),
        MetricDef("smape", "value", "lower", 2.0, 0.0, smape),
        MetricDef("pearson", "value", "higher", -1.0, 1.0, pearson),
        MetricDef("spearman", "value", "higher", -1.0, 1.0, spearman),
    )
}
"""Every metric known by name."""

_SHIPPED = frozenset(METRICS)


def get_metric(name: str) -> MetricDef:
    """The metric of that name.

    Raises:
        UnknownNameError: There is none; the message suggests the nearest.
    """
    try:
        return METRICS[name]
    except KeyError:
        raise UnknownNameError("metric", name, METRICS) from None


def register_metric(metric: MetricDef) -> None:
    """Makes a metric of your own known by its name, in this process: do it where your module is imported.

    Raises:
        UserError: The name is taken by another metric.
    """
    if METRICS.setdefault(metric.name, metric) != metric:
        raise UserError(f"metric {metric.name!r}: there is one of that name already; choose another name")


def is_own(name: str) -> bool:
    """Whether a metric is somebody's own, and so known in some processes only, each time as it is made known there."""
    return name in METRICS and name not in _SHIPPED


def bootstrap_sd(metric: MetricDef | str, y_true: Array, y_pred: Array, repeats: int = 200, seed: int = 0) -> float:
    """How much a score would move had other rows been drawn: its sd over resamples of the rows with replacement.

    Resamples on which the metric is undefined (one class only for `roc_auc`) are left out.

    Args:
        metric: The metric or its name.
        y_true: The truth.
        y_pred: The submission.
        repeats: Number of resamples.
        seed: Decides the resamples.

    Raises:
        ValueError: Fewer than two resamples have a score, so there is no sd to speak of.
    """
    if isinstance(metric, str):
        metric = get_metric(metric)
    if metric.by_identity:
        _, codes = np.unique(np.concatenate([y_true, y_pred]), return_inverse=True)
        y_true, y_pred = codes[: len(y_true)], codes[len(y_true) :]
    rng = np.random.default_rng(seed)
    drawn = (rng.integers(0, len(y_true), size=len(y_true)) for _ in range(repeats))  # one at a time: they are large
    scores = np.array([metric(y_true[row], y_pred[row]) for row in drawn])
    scores = scores[np.isfinite(scores)]
    if len(scores) < 2:
        raise ValueError(f"metric {metric.name!r}: undefined on all but {len(scores)} of {repeats} resamples")
    return float(np.std(scores, ddof=1))


def shuffled_sd(metric: MetricDef, y_true: Array, repeats: int = 200, seed: int = 0) -> float:
    """Standard deviation of the scores of answers that are true of the rows as a whole and random for each.

    Args:
        metric: The metric.
        y_true: The truth, which is also what is shuffled.
        repeats: Number of shuffles.
        seed: Decides them.

    Returns:
        0 where fewer than two shuffles have a score.
    """
    rng = np.random.default_rng(seed)
    scores = np.array([metric(y_true, y_true[rng.permutation(len(y_true))]) for _ in range(repeats)])
    scores = scores[np.isfinite(scores)]
    return float(np.std(scores, ddof=1)) if len(scores) > 1 else 0.0
