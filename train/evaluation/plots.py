"""Figures: performance profiles, and improvement challenge by challenge. Needs the extra ``report``.

Figures are made without pyplot: no window, no backend chosen for the caller, no figure left open.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from synthgym.train.evaluation.aup import BASELINE, Profile, Standings
from synthgym.train.evaluation.scores import ScoreRecord
from synthgym.train.extras import needs_figures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart by readers of any colour vision; yellow is too pale for lines on white.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_DASHES: tuple[Any, ...] = ("-", (0, (9, 1.2)), (0, (3, 1)), (0, (9, 1.2, 2, 1.2)))
_MARKERS = "osD^vP"
_FACTOR = "score within this factor of the best solver's"
_GREY, _INK, _RULE = "#8a8a8a", "#333333", "#dddddd"
_RATIOS = (1, 1.2, 1.5, 2, 3, 5, 10, 20, 50, 100, 1000, 10_000, 100_000)
_LEGEND_INSIDE = 6
"""As many solvers are named within the axes; more, below them."""
_ROWS = 60
_LONGEST_NAME = 34
_LEGEND_CHARACTERS = 108
"""As many fit beside each other above the challenges, the markers counted as six each."""

_SAVED = {"svg.fonttype": "none", "svg.hashsalt": "synthgym"}
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def _figure(width: float, height: float) -> Figure:
    needs_figures()
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _plain(text: str) -> str:
    """A name as it stands, if short enough: matplotlib sets what is between dollars as a formula."""
    text = text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME // 2]}…{text[1 - _LONGEST_NAME // 2 :]}"
    return "".join(each if each.isprintable() else "\ufffd" for each in text).replace("$", r"\$")


def _style(solver: str, solvers: Sequence[str]) -> dict[str, Any]:
    """Colour, dash and marker; the same for a solver in every figure of the same solvers."""
    if solver == BASELINE:
        return {"color": _GREY, "linestyle": (0, (1, 1.5)), "marker": "|"}
    i = sorted(set(solvers) - {BASELINE}).index(solver)
    dash = _DASHES[(i + 2 * (i // len(_COLOURS))) % len(_DASHES)]  # another one when a colour comes again
    return {"color": _COLOURS[i % len(_COLOURS)], "linestyle": dash, "marker": _MARKERS[i % len(_MARKERS)]}


def colour_of(solver: str, solvers: Sequence[str]) -> str:
    """The colour of a solver in every figure of the same solvers."""
    return str(_style(solver, solvers)["color"])


def _bare(axes: Axes) -> None:
    """No frame, light rules, small ticks."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_RULE)
    axes.tick_params(length=0, labelsize=9, labelcolor=_INK)
    axes.set_axisbelow(True)


def profile_figure(standings: Standings) -> Figure:
    """Performance profiles in both modes, side by side: how often a solver comes within a factor of the best."""
    solvers = len(standings.best.aup) - 1
    below = solvers > _LEGEND_INSIDE
    figure = _figure(9.4, 4.6 + 0.19 * solvers if below else 3.8)
    titles = {"What was handed in (last)": standings.last, "The best attempt (best)": standings.best}
    for place, (title, profile) in enumerate(titles.items()):
        axes = figure.add_subplot(1, 2, place + 1)
        _bare(axes)
        _draw_profile(axes, profile, below)
        axes.set_title(
            f"{title}; AUP at most {standings.largest:g}",
            loc="left",
            fontsize=10.5,
            color=_INK,
            fontweight="bold",
            pad=10,
        )
        if place == 0:
            axes.set_ylabel("share of challenges", fontsize=9.5, color=_INK)
        if below:
            axes.set_xlabel(_FACTOR, fontsize=9.5, color=_INK)
    if not below:
        figure.supxlabel(_FACTOR, fontsize=9.5, color=_INK)
    return figure


def _draw_profile(axes: Axes, profile: Profile, below: bool) -> None:
    # The best is drawn last, on top, and listed first.
    for solver, area in sorted(profile.aup.items(), key=lambda item: item[1]):
        style = _style(solver, list(profile.aup))
        axes.plot(
            profile.taus,
            profile.rho[solver],
            drawstyle="steps-post",
            color=style["color"],
            linestyle=style["linestyle"],
            linewidth=1.5 if solver == BASELINE else 2.2,
            label=f"{_plain(solver)} · AUP {area:.3f}",
            solid_capstyle="butt",
        )
    top = float(profile.taus[-1])
    ticks: list[float] = []
    for ratio in _RATIOS:  # as many as can be read beside each other
        if math.log10(ratio) <= top and (not ticks or math.log10(ratio / ticks[-1]) >= top / 12):
            ticks.append(ratio)
    axes.set_xticks([math.log10(ratio) for ratio in ticks], [f"{ratio:,g}×" for ratio in ticks])
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25%", "50%", "75%", "100%"])
    axes.grid(axis="y", color=_RULE, linewidth=0.8)
    axes.set_xlim(0, top)
    axes.set_ylim(0, 1.03)
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(
        handles[::-1],
        labels[::-1],
        loc="upper left" if below else "lower right",
        bbox_to_anchor=(0, 0) if below else None,
        bbox_transform=_under(axes) if below else None,
        borderaxespad=0 if below else None,
        borderpad=0 if below else None,
        fontsize=9,
        labelcolor=_INK,
        frameon=True,
        facecolor="white",
        edgecolor="none",
        framealpha=0.85,
        handlelength=3.6 if below else 2.6,
    )


def _under(axes: Axes) -> Any:
    """Half an inch and a little below the axes, whatever their height comes to: under the ticks and their label."""
    from matplotlib.transforms import ScaledTranslation

    return axes.transAxes + ScaledTranslation(0, -0.58, axes.figure.dpi_scale_trans)


def improvement_figure(records: Sequence[ScoreRecord]) -> Figure:
    """Improvement challenge by challenge: a marker is a solver's mean, its line spans its episodes.

    Of more than 60 challenges, the 60 on which the solvers differ most are drawn.
    """
    solvers = sorted({record.solver for record in records})
    cells: dict[str, dict[str, list[float]]] = {}
    for record in records:
        cells.setdefault(record.env_id, {}).setdefault(record.solver, []).append(record.improvement)
    rows = drawn_challenges(records)
    rows.sort(key=lambda env_id: float(np.mean([np.mean(values) for values in cells[env_id].values()])))

    height = max(0.26, 0.13 * len(solvers) + 0.08)
    figure = _figure(9.4, 1.1 + height * len(rows))
    axes = figure.add_subplot()
    _bare(axes)
    for value, name in ((0, "baseline"), (1, "reference")):
        axes.axvline(value, color="#aaaaaa", linewidth=1)
        axes.annotate(
            name, (value, 1), (0, 4), xycoords=("data", "axes fraction"), textcoords="offset points",
            ha="center", fontsize=9, color="#666666",
        )  # fmt: skip
    for i, solver in enumerate(solvers):
        style = _style(solver, solvers)
        # Within a row the solvers stand below each other, in the order of the legend.
        shift = (i - (len(solvers) - 1) / 2) * min(0.22, 0.72 / len(solvers))
        there = [(y - shift, cells[env_id][solver]) for y, env_id in enumerate(rows) if solver in cells[env_id]]
        for y, values in there:
            axes.plot([min(values), max(values)], [y, y], color=style["color"], linewidth=1.6, alpha=0.45)
        axes.plot(
            [float(np.mean(values)) for _, values in there],
            [y for y, _ in there],
            linestyle="",
            marker=style["marker"],
            markersize=5.5,
            color=style["color"],
            label=_plain(solver),
        )
    for y in range(len(rows) - 1):
        axes.axhline(y + 0.5, color="#eeeeee", linewidth=0.7, zorder=0)
    axes.set_yticks(range(len(rows)), [_plain(name) for name in short_names(rows)])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    low = min(-0.1, min(record.improvement for record in records))
    high = max(1.1, max(record.improvement for record in records))
    axes.set_xlim(low - 0.05, high + 0.05)
    axes.set_xlabel("improvement on held-out data", fontsize=9.5, color=_INK)
    abreast = _LEGEND_CHARACTERS // (6 + max(len(_plain(solver)) for solver in solvers))
    figure.legend(
        loc="outside upper left", ncols=min(6, len(solvers), abreast), fontsize=9.5, frameon=False, labelcolor=_INK
    )
    return figure


def drawn_challenges(records: Sequence[ScoreRecord], limit: int = _ROWS) -> list[str]:
    """The challenges `improvement_figure` has room for, by id: those on which solvers' means differ most."""
    sums: dict[str, dict[str, list[float]]] = {}
    for record in records:
        sums.setdefault(record.env_id, {}).setdefault(record.solver, []).append(record.improvement)
    spread = {env_id: float(np.ptp([np.mean(v) for v in row.values()])) for env_id, row in sums.items()}
    return sorted(sorted(spread, key=lambda env_id: (-spread[env_id], env_id))[:limit])


def short_names(env_ids: Sequence[str]) -> list[str]:
    """Environment ids without their namespace where they share one."""
    namespaces = {env_id.rpartition("/")[0] for env_id in env_ids}
    return [env_id.rpartition("/")[2] for env_id in env_ids] if len(namespaces) == 1 else list(env_ids)


def save(figure: Figure, path: Path, dpi: int = 160) -> None:
    """Writes a figure; the suffix (``.png``, ``.svg``, ``.pdf``) decides the format."""
    import matplotlib

    with matplotlib.rc_context(_SAVED):
        metadata = {"Date": None} if path.suffix == ".svg" else None
        figure.savefig(path, dpi=dpi, facecolor="white", metadata=metadata)


def inline_svg(figure: Figure, name: str) -> str:
    """A figure as an ``<svg>`` element to stand in an HTML page, where `name` keeps its ids from another figure's."""
    import matplotlib

    buffer = io.StringIO()
    with matplotlib.rc_context(_SAVED):
        figure.savefig(buffer, format="svg", transparent=True, metadata=_NO_METADATA)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r'(<[^<>]*? )(id=")', rf"\g<1>\g<2>{name}-", text)
    return re.sub(r'(url\(|href=")#', rf"\1#{name}-", text)
