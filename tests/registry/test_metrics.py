"""Metrics against scikit-learn and scipy, over random inputs with ties, imbalance and rare classes."""

from __future__ import annotations

import dataclasses
import itertools
import math
import time
import tracemalloc

import numpy as np
import pytest
import scipy.stats
import sklearn.metrics as sk

from synthgym.base.errors import UnknownNameError, UserError
from synthgym.registry.metrics import METRICS, MetricDef, bootstrap_sd, get_metric, register_metric

SEEDS = range(40)
CLASSES = np.array(["setosa", "versicolor", "virginica", "été", "10"])


def rng_and_size(seed: int) -> tuple[np.random.Generator, int]:
    rng = np.random.default_rng(seed)
    return rng, int(rng.choice([2, 3, 5, 17, 150]))


def labels(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Imbalanced classes; some never predicted, some only predicted."""
    rng, n = rng_and_size(seed)
    k = int(rng.integers(1, 6))
    of_truth, of_pred = rng.dirichlet(np.full(k, 0.5)), rng.dirichlet(np.full(k, 0.5))
    return rng.choice(CLASSES[:k], n, p=of_truth), rng.choice(CLASSES[:k], n, p=of_pred)


def values(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Every other case rounded, so that ties and zeros occur."""
    rng, n = rng_and_size(seed)
    truth = rng.normal(0, 3, n)
    truth[0] += 10
    pred = truth * rng.normal(0.5, 0.5) + rng.normal(0, 2, n)
    return (np.round(truth), np.round(pred)) if seed % 2 else (truth, pred)


def ranked(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng, n = rng_and_size(seed)
    truth = (rng.random(n) < rng.choice([0.05, 0.5, 0.9])).astype(float)
    truth[:2] = 0, 1
    score = truth * rng.normal(0.3, 0.5) + rng.normal(0, 1, n)
    return truth[:, None], (np.round(score) if seed % 2 else score)[:, None]


def probabilities(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng, n = rng_and_size(seed)
    k = int(rng.integers(2, 6))
    pred = rng.dirichlet(np.full(k, 0.3), n)
    pred[0] = np.eye(k)[0]  # certain, and perhaps wrong: the clip decides
    return np.eye(k)[rng.integers(0, k, n)], pred


@pytest.mark.parametrize(
    "metric", [each for each in METRICS.values() if each.kind == "label"], ids=lambda each: each.name
)
def test_memory_grows_with_the_rows_however_many_classes_are_named(metric: MetricDef) -> None:
    peaks = []
    for n in (2000, 4000):
        truth = np.array([f"class {row}" for row in range(n)])
        tracemalloc.start()
        try:
            score = metric(truth, np.roll(truth, n // 2))
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
        assert score <= 0
    assert peaks[1] < 3 * peaks[0]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", SEEDS)
def test_label_metrics_are_scikit_learns(seed: int) -> None:
    truth, pred = labels(seed)
    expected = {
        "accuracy": sk.accuracy_score(truth, pred),
        "balanced_accuracy": sk.balanced_accuracy_score(truth, pred),
        "f1_macro": sk.f1_score(truth, pred, average="macro"),
        "matthews_corrcoef": sk.matthews_corrcoef(truth, pred),
    }
    for name, score in expected.items():
        assert get_metric(name)(truth, pred) == pytest.approx(score, abs=1e-12), name


@pytest.mark.parametrize("seed", SEEDS)
def test_value_metrics_are_scikit_learns(seed: int) -> None:
    truth, pred = values(seed)
    expected = {
        "mse": sk.mean_squared_error(truth, pred),
        "rmse": sk.root_mean_squared_error(truth, pred),
        "mae": sk.mean_absolute_error(truth, pred),
        "median_absolute_error": sk.median_absolute_error(truth, pred),
        "r2": sk.r2_score(truth, pred),
        "mape": sk.mean_absolute_percentage_error(truth, pred),
    }
    if np.ptp(pred) > 0:
        expected["pearson"] = scipy.stats.pearsonr(truth, pred)[0]
        expected["spearman"] = scipy.stats.spearmanr(truth, pred)[0]
    for name, score in expected.items():
        assert get_metric(name)(truth, pred) == pytest.approx(score, rel=1e-9, abs=1e-12), name


@pytest.mark.parametrize("seed", SEEDS)
def test_ranking_metrics_are_scikit_learns(seed: int) -> None:
    truth, score = ranked(seed)
    expected = {
        "roc_auc": sk.roc_auc_score(truth, score),
        "average_precision": sk.average_precision_score(truth, score),
    }
    for name, value in expected.items():
        assert get_metric(name)(truth, score) == pytest.approx(value, abs=1e-12), name


@pytest.mark.parametrize("seed", SEEDS)
def test_probability_metrics_are_scikit_learns(seed: int) -> None:
    truth, pred = probabilities(seed)
    classes = list(range(truth.shape[1]))
    codes = truth.argmax(axis=1)
    assert get_metric("log_loss")(truth, pred) == pytest.approx(sk.log_loss(codes, pred, labels=classes), abs=1e-12)
    brier = sk.brier_score_loss(codes, pred, labels=classes, scale_by_half=True, pos_label=None)
    assert get_metric("brier")(truth, pred) == pytest.approx(brier, abs=1e-12)


def test_smape_by_hand() -> None:
    truth, pred = np.array([0.0, 1.0, 2.0, 0.0]), np.array([0.0, 3.0, -2.0, 5.0])
    assert get_metric("smape")(truth, pred) == pytest.approx((0 + 2 * 2 / 4 + 2 * 4 / 4 + 2) / 4)


CASES = {"label": labels, "value": values}


def case(metric: MetricDef, seed: int) -> tuple[np.ndarray, np.ndarray]:
    if metric.ranks:
        return ranked(seed)
    return CASES.get(metric.kind, probabilities)(seed)


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_truth_scores_the_optimum_and_nothing_passes_the_bounds(metric: MetricDef) -> None:
    for seed in SEEDS:
        truth, pred = case(metric, seed)
        if metric.name == "matthews_corrcoef" and len(np.unique(truth)) == 1:
            continue
        assert metric(truth, truth) == pytest.approx(metric.optimum, abs=1e-12)
        score = metric(truth, pred)
        assert not metric.better(score, metric.optimum + (1e-12 if metric.direction == "higher" else -1e-12))
        assert metric.worst is None or score == pytest.approx(metric.worst) or metric.better(score, metric.worst)


def test_the_worst_can_be_reached() -> None:
    truth, wrong = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    for name in ("log_loss", "brier"):
        assert get_metric(name)(truth, wrong) == pytest.approx(get_metric(name).worst)
    up, down = np.array([1.0, 2.0, 3.0]), np.array([3.0, 2.0, 1.0])
    for name in ("pearson", "spearman"):
        assert get_metric(name)(up, down) == pytest.approx(-1)
    assert get_metric("roc_auc")(np.array([[0.0], [1.0]]), np.array([[1.0], [0.0]])) == 0
    for name, truth in itertools.product(("roc_auc", "average_precision"), ([[1.0], [2.0]], [[0.0], [0.7]])):
        with pytest.raises(ValueError, match=r"expected a truth of 0 and 1, got (2|0\.7)"):
            get_metric(name)(np.array(truth), np.array([[1.0], [0.0]]))
    assert get_metric("matthews_corrcoef")(np.array(["a", "b"]), np.array(["b", "a"])) == -1


def test_undefined_by_the_truth_is_nan_and_a_constant_submission_is_not() -> None:
    one_class, constant = np.zeros((4, 1)), np.full(4, 0.1)
    varied = np.array([1.0, 2.0, 3.0, 4.0])
    for name in ("roc_auc", "average_precision"):
        assert math.isnan(get_metric(name)(one_class, varied[:, None]))
    for name in ("r2", "pearson", "spearman"):
        assert math.isnan(get_metric(name)(constant, varied)), name
    assert get_metric("pearson")(varied, constant) == 0
    assert get_metric("spearman")(varied, constant) == 0
    assert get_metric("roc_auc")(np.array([[0.0], [1.0], [1.0], [0.0]]), one_class) == 0.5


@pytest.mark.parametrize("name", [m.name for m in METRICS.values() if m.kind == "value"])
@pytest.mark.parametrize("huge", [1e200, 1.7e308])
@pytest.mark.filterwarnings("error")
def test_absurd_predictions_get_a_finite_score(name: str, huge: float) -> None:
    truth = np.array([0.0, -1.0, 2.0, 5.0])
    for pred in (np.full(4, huge), np.array([huge, -huge, huge, 0.0])):
        assert math.isfinite(get_metric(name)(truth, pred))


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"'rmse': expected two arrays of one shape.*\(2,\) and \(3,\)"):
        get_metric("rmse")(np.zeros(2), np.zeros(3))
    with pytest.raises(ValueError, match="at least one row"):
        get_metric("accuracy")(np.array([], dtype=str), np.array([], dtype=str))
    with pytest.raises(ValueError, match="one column for each class"):
        get_metric("log_loss")(np.ones((3, 1)), np.ones((3, 1)))
    with pytest.raises(ValueError, match="expected one column"):
        get_metric("roc_auc")(np.eye(2), np.eye(2))


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_a_metric_takes_the_columns_that_it_declares(metric: MetricDef) -> None:
    for columns in (1, 2, 3):
        truth = np.eye(columns) if metric.kind == "probability" else np.arange(6 * columns).reshape(6, columns)
        truth = truth.astype(str) if metric.kind == "label" else truth.astype(float)
        truth = truth[:, 0] if columns == 1 and metric.kind != "probability" else truth
        if metric.takes(columns):
            metric(truth, truth)
        else:
            with pytest.raises(ValueError, match=f"{metric.name}.*expected {metric.expected_columns}"):
                metric(truth, truth)


def test_which_of_ours_take_one_column() -> None:
    takes = {name: (get_metric(name).takes(1), get_metric(name).takes(2)) for name in ("log_loss", "brier", "roc_auc")}
    assert takes == {"log_loss": (False, True), "brier": (False, True), "roc_auc": (True, False)}
    assert get_metric("rmse").takes(1)
    assert not get_metric("rmse").takes(2)


def test_a_metric_of_several_columns() -> None:
    both = MetricDef("x", "value", "lower", None, 0.0, lambda t, p: float(np.abs(t - p).max()), columns=(2, 3))
    assert both(np.zeros((5, 2)), np.tile([0.0, 4.0], (5, 1))) == 4.0
    with pytest.raises(ValueError, match="expected 2 to 3 columns"):
        both(np.zeros(5), np.zeros(5))


def test_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'balanced_accuracy'"):
        get_metric("balanced_acuracy")


def test_a_metric_of_ones_own() -> None:
    mine = MetricDef("within_one", "value", "higher", 0.0, 1.0, lambda t, p: float(np.mean(np.abs(t - p) <= 1)))
    try:
        register_metric(mine)
        register_metric(mine)
        assert get_metric("within_one")(np.array([1.0, 5.0]), np.array([2.0, 9.0])) == 0.5
        assert bootstrap_sd("within_one", np.zeros(50), np.linspace(0, 2, 50)) == pytest.approx(0.07, abs=0.02)
        with pytest.raises(UserError, match=r"'within_one'.*already"):
            register_metric(dataclasses.replace(mine, worst=None))
    finally:
        METRICS.pop("within_one", None)


def test_bootstrap_sd_is_that_of_theory() -> None:
    rng = np.random.default_rng(1)
    truth = rng.choice(["a", "b"], 400)
    pred = np.where(rng.random(400) < 0.8, truth, "b")
    share = float(np.mean(truth == pred))
    sd = bootstrap_sd("accuracy", truth, pred, repeats=2000)
    assert sd == pytest.approx(math.sqrt(share * (1 - share) / 400), rel=0.05)
    assert bootstrap_sd("accuracy", truth, pred, seed=5) == bootstrap_sd("accuracy", truth, pred, seed=5)
    assert bootstrap_sd("accuracy", truth, pred, seed=5) != bootstrap_sd("accuracy", truth, pred, seed=6)
    assert bootstrap_sd("accuracy", truth, truth) == 0


def test_bootstrap_by_codes_and_by_text_agree() -> None:
    truth, pred = labels(4)
    for metric in METRICS.values():
        if metric.kind == "label":
            plain = dataclasses.replace(metric, by_identity=False)
            assert bootstrap_sd(metric, truth, pred) == pytest.approx(bootstrap_sd(plain, truth, pred))


def test_bootstrap_leaves_out_resamples_without_a_score() -> None:
    truth = np.zeros((6, 1))
    truth[0] = 1  # about a third of the resamples have no positive row
    sd = bootstrap_sd("roc_auc", truth, np.array([[3.0], [1], [2], [3], [4], [5]]))
    assert 0 < sd < 0.5
    with pytest.raises(ValueError, match="'roc_auc': undefined on all but 0 of 200"):
        bootstrap_sd("roc_auc", np.zeros((6, 1)), np.ones((6, 1)))


@pytest.mark.parametrize("name", METRICS)
def test_bootstrap_is_fast(name: str) -> None:
    """About 30 ms at most; the bound is loose because machines are shared."""
    metric = get_metric(name)
    rng = np.random.default_rng(0)
    if metric.kind == "label":
        truth, pred = rng.choice(CLASSES, 1000), rng.choice(CLASSES, 1000)
    elif metric.ranks:
        truth, pred = rng.integers(0, 2, (1000, 1)).astype(float), rng.random((1000, 1))
    elif metric.kind == "probability":
        truth, pred = np.eye(5)[rng.integers(0, 5, 1000)], rng.dirichlet(np.ones(5), 1000)
    else:
        truth, pred = rng.normal(size=1000), rng.normal(size=1000)
    seconds = []
    for _ in range(3):
        start = time.process_time()
        bootstrap_sd(metric, truth, pred)
        seconds.append(time.process_time() - start)
    assert min(seconds) < 0.25
