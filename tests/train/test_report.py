"""The report: self-contained, true to the figures, and safe whatever an agent wrote; the figures in it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from synthgym.agents.trajectories.trajectory import Outcome, Reset, Step, Trajectory
from synthgym.train.evaluation.aup import aup, from_records, resample
from synthgym.train.evaluation.number_texts import cut, gain, number
from synthgym.train.evaluation.plots import drawn_challenges, improvement_figure, profile_figure, save
from synthgym.train.evaluation.report import render, write_report
from synthgym.train.evaluation.scores import Benchmark, ScoreRecord
from synthgym.train.evaluation.stats import compare

GAINS = {"base": [0.0, 0.0, -0.1, 0.0, 0.1], "student": [0.5, 0.4, 0.0, 0.7, 0.6], "teacher": [0.9, 0.4, 0.8, 0.7, 1.0]}


def episode(solver: str, env: int, improvement: float, seed: int = 0, **more: object) -> ScoreRecord:
    fields = {
        "env_id": f"ns/c{env:02}-v0",
        "challenge_hash": f"{env}",
        "solver": solver,
        "seed": seed,
        "metric": "accuracy",
        "direction": "higher",
        "baseline": 0.5,
        "reference": 1.0,
        "final": 0.5 + improvement / 2,
        "improvement": improvement,
        "exit_status": "submitted",
        "steps": 4,
        "tokens": 700,
    }
    return ScoreRecord.model_validate(fields | more)


def records(rename: str | None = None) -> list[ScoreRecord]:
    return [episode(rename or solver, i, g) for solver, gains in GAINS.items() for i, g in enumerate(gains)]


def trajectory(text: str, agent: str = "student") -> dict[str, object]:
    """An episode as the store has it, with `text` wherever an agent or its sandbox can write."""
    made = Trajectory(
        episode_id="e",
        env_id="ns/c00-v0",
        agent=agent,
        seed=0,
        reset=Reset(observation=text),
        steps=[
            Step(
                content=f"{text}\n```bash\n{text}\n```", action=text, observation=text, reward=0.5, validations=[0.75]
            ),
            Step(action="submit", observation="submitted", reward=-0.1),
        ],
        outcome=Outcome(exit_status="submitted", error=text, score=0.7, improvement=0.4),
    )
    return made.model_dump(mode="json", by_alias=True)


VOID = {"meta", "br"}


class Page(HTMLParser):
    """Checks that elements nest, and collects what is there."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag
        self.text += " "

    def handle_data(self, data: str) -> None:
        self.text += data


HARMLESS = {
    *("html", "head", "meta", "title", "style", "body", "header", "section", "footer", "h1", "h2", "h3", "h4", "p"),
    *("ul", "li", "dl", "dt", "dd", "div", "span", "b", "small", "br", "figure", "figcaption", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td", "pre"),
    *("svg", "g", "path", "defs", "use", "text", "tspan", "clippath", "rect", "circle"),
}
HOSTILE = (
    """</pre></details><script>alert(1)</script><img src=x onerror="alert(2)">' " & """
    "{{ 7 * 7 }} $x_ \x00\x1b[31m \ud800"
)


def test_a_page_of_one_file_that_asks_the_network_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "scores.jsonl").write_text("".join(each.model_dump_json() + "\n" for each in records()))
    (tmp_path / "run.json").write_text(json.dumps({"run": {"seed": 3}, "notes": {"agents": ["base", "student"]}}))
    (tmp_path / "summary.json").write_text(json.dumps({"seconds": 12.5, "episodes": {"live": {"kept": 40}}}))
    lines = [{"outcome": "accepted"}] * 7 + [{"outcome": "rejected", "check": "reference", "reason": "no better"}] * 2
    (tmp_path / "ledger.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    out = tmp_path / "report.html"
    write_report(tmp_path, out, [trajectory("cat train.py")])
    text = out.read_text(encoding="utf-8")
    page = Page(text)
    assert page.tags <= HARMLESS
    assert not [value for name, value in page.attributes if name in ("src", "href") or "url(http" in value]
    assert {value[0] for name, value in page.attributes if name.endswith("href")} <= {"#"}
    assert "@import" not in text
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    for said in ("no better", "rejected: reference", "live · kept", "12.5", "run · seed", "cat train.py"):
        assert said in page.text, said
    assert not list(tmp_path.glob(".*"))
    write_report(tmp_path, out, [trajectory("cat train.py")])
    assert out.read_text(encoding="utf-8") == text


def test_a_ledger_with_stages(tmp_path: Path) -> None:
    lines = [
        {"index": 0, "stage": "verify", "outcome": "failed", "check": "prepare", "reason": "typo"},
        {"index": 0, "stage": "debug", "outcome": "passed", "calls": 1, "tokens": 1234, "cost": 0.5},
        {"index": 0, "stage": "verify", "outcome": "accepted"},
        {"index": 1, "stage": "verify", "outcome": "rejected", "check": "leaky", "reason": "column a"},
    ]
    page = " ".join(Page(render(Benchmark(Path(), records()), ledger=lines)).text.split())
    assert "outcome candidates for example accepted 1 rejected: leaky 1 column a" in page
    assert "typo" not in page
    assert "verify 2 1 0 0 0.00 debug 1 0 1 1,234 0.50" in page


def test_the_figures_are_those_of_the_comparison() -> None:
    page = " ".join(Page(render(Benchmark(Path(), records()))).text.split())
    comparison = compare(records())
    for solver, summary in comparison.summaries.items():
        found = summary.improvement
        assert f"{solver} {gain(found.mean)} {gain(found.low)} to {gain(found.high)}" in page
    assert "teacher gets furthest: 0.76 of the way" in page
    assert "teacher is ahead of student by 0.32" in page
    assert "student is ahead of base by 0.44" in page
    standings = aup(*from_records(records()))
    for solver in ("base", "student", "teacher", "baseline"):
        assert f"{standings.last.aup[solver]:.3f} {standings.best.aup[solver]:.3f}" in page
        assert f"{solver} · AUP {standings.last.aup[solver]:.3f}" in page
    assert "c03-v0 accuracy ↑ 0.500 1 0 0.850 1/1 0.850 1/1 0.500 0/1" in page


def test_aup_with_its_intervals_and_relative_to_the_first_named() -> None:
    twice = [*records(), *(episode(s, i, g / 2, seed=1) for s, gains in GAINS.items() for i, g in enumerate(gains))]
    page = " ".join(Page(render(Benchmark(Path(), twice))).text.split()).replace("−", "-")
    areas = resample(*from_records(twice))
    for solver in ("base", "student", "teacher", "baseline"):
        last, best = (areas.interval(mode, solver) for mode in ("last", "best"))
        assert last.low != last.high
        said = " ".join(f"{each.mean:.3f} {each.low:.2f} to {each.high:.2f}" for each in (last, best))
        assert said in page
    assert "AUP relative to base solver last best teacher" in page
    for solver in ("student", "teacher"):
        last, best = (areas.gain(mode, solver, "base") for mode in ("last", "best"))
        assert f"{solver} {last.mean:+.1%} {last.low:+.1%} to {last.high:+.1%} {best.mean:+.1%}" in page
    assert "had other episodes come of the same challenges" in page
    single = " ".join(Page(render(Benchmark(Path(), records()))).text.split())
    assert "AUP relative to base" in single
    assert "other episodes" not in single


def test_hostile_text_is_shown_and_does_nothing() -> None:
    entry = {"outcome": HOSTILE, "reason": HOSTILE, "check": HOSTILE}
    names = {"env_id": HOSTILE, "solver": HOSTILE, "metric": HOSTILE, "exit_status": HOSTILE}
    benchmark = Benchmark(Path(), [records()[0].model_copy(update=names)], {HOSTILE: HOSTILE})
    text = render(benchmark, [trajectory("x")], [entry], {HOSTILE: {HOSTILE: HOSTILE}})
    text += render(Benchmark(Path(), records()), [_hostile()])
    text.encode("utf-8")
    for part in re.split("(?=<!doctype html>)", text)[1:]:
        page = Page(part)
        assert page.tags <= HARMLESS, page.tags - HARMLESS
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        assert "<script>alert(1)</script>" in page.text
        assert "{{ 7 * 7 }}" in page.text
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", part)


def _hostile() -> dict[str, object]:
    """pydantic refuses half characters, so they are put in afterwards."""
    return json.loads(json.dumps(trajectory("TEXT")).replace("TEXT", json.dumps(HOSTILE)[1:-1]))  # type: ignore[no-any-return]


def test_half_a_record_is_shown_as_far_as_it_goes() -> None:
    text = render(Benchmark(Path(), records()), [{"env_id": "ns/c00-v0", "agent": "student"}, {"steps": [{}]}])
    assert "unfinished" in Page(text).text


def said(**gains: list[float]) -> list[str]:
    """The sentences at the top of the page."""
    shown = [episode(solver, i, gain) for solver, row in gains.items() for i, gain in enumerate(row)]
    text = render(Benchmark(Path(), shown))
    part = re.search(r'<ul class="lead">(.*?)</ul>', text, re.DOTALL)
    assert part
    return re.findall("<li>(.*?)</li>", part[1])


def test_nobody_is_ahead_by_nothing() -> None:
    same = said(a=[0.4, 0.6, 0.8], b=[0.4, 0.6, 0.8])
    assert same[0].startswith("a and b get equally far: 0.60 of the way")
    assert same[1] == "a and b are level: their means differ by less than 0.01 (0.00 to 0.00)."
    nearly = said(a=[0.402, 0.603, 0.801], b=[0.4, 0.6, 0.8])
    assert "a and b are level: their means differ by less than 0.01 (0.001 to 0.003)." in nearly[-1]
    little = said(a=[0.42, 0.604, 0.82], b=[0.4, 0.6, 0.8])
    assert little[-1] == "a is ahead of b by 0.01 (0.004 to 0.020): more than chance explains."
    for lines in (same, nearly, little, said(a=[0.0] * 4, b=[0.001] * 4, c=[-0.1] * 4)):
        assert "by 0.00" not in " ".join(lines)


def test_nobody_gets_anywhere() -> None:
    assert said(a=[0.0, 0.0], b=[-0.1, -0.2])[0].startswith("None gets past the baseline: the best mean improvement is")
    (alone,) = said(a=[-0.1, -0.3])
    assert alone.startswith("a does not get past the baseline: its mean improvement is −0.20 (95% interval −0.30 to")


def test_aup_with_the_largest_possible_and_as_a_share_of_it() -> None:
    standings = aup(*from_records(records()))
    page = " ".join(Page(render(Benchmark(Path(), records()))).text.split())
    assert f"AUP last,of {standings.largest:g} AUP best,of {standings.largest:g} last,of 1 best,of 1" in page
    for solver in ("base", "student", "teacher", "baseline"):
        last, best = (standings.normalised(mode, solver) for mode in ("last", "best"))
        assert f" {last:.3f} {best:.3f} " in page
    assert f"{standings.largest:g} being the most it can be here" in page
    assert f"(last); AUP at most {standings.largest:g}" in page


def test_one_solver_on_one_challenge_has_no_interval() -> None:
    page = Page(render(Benchmark(Path(), [episode("student", 0, 0.4)]))).text
    assert "student gets 0.40 of the way from the baseline to the reference on average." in page
    assert "Who is ahead of whom" not in page


def test_nobody_submitted_anything() -> None:
    nothing = [episode("student", i, 0.0, final=None, exit_status="step_limit") for i in range(3)]
    page = " ".join(Page(render(Benchmark(Path(), nothing))).text.split())
    assert "c00-v0 accuracy ↑ 0.500 1 0 – 0/1" in page
    assert "step limit 3" in page


def test_attempts_that_failed_before_are_told() -> None:
    several = [episode("student", 0, 0.4, attempts=3), episode("student", 1, 0.4), episode("teacher", 0, 0.4)]
    page = " ".join(Page(render(Benchmark(Path(), several))).text.split())
    assert "attempts that failed before 2 0" in page
    assert "failed before" not in Page(render(Benchmark(Path(), records()))).text


def test_unfinished_challenges_are_named() -> None:
    page = Page(render(Benchmark(Path(), [*records(), episode("student", 9, 1.0)]))).text
    assert "not every solver has an episode on: ns/c09-v0" in page


def test_long_texts_lose_their_middle() -> None:
    assert cut("a" * 100, 100) == "a" * 100
    assert cut("a" * 60 + "b" * 60, 100).split() == ["a" * 50, "…", "20", "characters", "left", "out", "…", "b" * 50]
    long = render(Benchmark(Path(), records()), [trajectory("y" * 1_000_000)])
    assert len(long) < 300_000


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"), (3, "3"), (-2.0, "−2"), (0.12345, "0.123"), (0.00012345, "0.000123"), (1234.56, "1,235"),
        (1.7e300, "1.7e+300"), (-0.5, "−0.500"),
    ],
)  # fmt: skip
def test_numbers(value: float | None, said: str) -> None:
    assert number(value) == said


def test_a_gain_is_never_minus_nothing() -> None:
    assert (gain(-0.001), gain(-0.126), gain(None)) == ("0.00", "−0.13", "–")


@pytest.mark.parametrize(("name", "line"), [("ledger.jsonl", "{}\n{oops\n"), ("summary.json", "[1]")])
def test_malformed_extras_are_named(tmp_path: Path, name: str, line: str) -> None:
    (tmp_path / "scores.jsonl").write_text("".join(each.model_dump_json() + "\n" for each in records()))
    (tmp_path / name).write_text(line)
    with pytest.warns(UserWarning, match=f"left out of the report, as it cannot be read: .*{re.escape(name)}"):
        write_report(tmp_path, tmp_path / "report.html")
    assert "Challenge by challenge" in (tmp_path / "report.html").read_text()


def test_figures_are_saved(tmp_path: Path) -> None:
    odd = [*records(), *(each.model_copy(update={"solver": "a $x_$ b"}) for each in records()[:5])]
    profile = profile_figure(aup(*from_records(odd)))
    save(profile, tmp_path / "profile.png")
    save(profile, tmp_path / "profile.svg")
    save(improvement_figure(odd), tmp_path / "improvement.png", dpi=60)
    assert (tmp_path / "profile.png").read_bytes().startswith(b"\x89PNG")
    assert "a $x_$ b" in (tmp_path / "profile.svg").read_text()
    assert (tmp_path / "improvement.png").stat().st_size > 5_000


def test_many_solvers_are_told_apart_and_named_below_their_lines() -> None:
    many = [episode(f"s{k:02}", i, (k * i % 7) / 7) for k in range(20) for i in range(5)]
    figure = profile_figure(aup(*from_records(many)))
    figure.draw_without_rendering()
    for axes in figure.axes:
        assert len({(line.get_color(), str(line._dash_pattern)) for line in axes.lines}) == 21
        legend = axes.get_legend()
        assert legend is not None
        assert legend.get_window_extent().y1 < axes.get_window_extent().y0
        assert legend.get_window_extent().y0 >= 0


def test_of_many_solvers_some_pairs_are_left_out_and_told(tmp_path: Path) -> None:
    one = {"challenge_hash": "h", "metric": "m", "direction": "higher", "baseline": 0.5, "final": 0.7, "seed": 0}
    sizes = []
    for many in (30, 60):
        lines = [
            {**one, "env_id": f"a/{env}-v0", "solver": f"s{i}", "improvement": i / 100}
            for env in range(2)
            for i in range(many)
        ]
        (tmp_path / "scores.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        write_report(tmp_path, tmp_path / "page.html")
        page = (tmp_path / "page.html").read_text()
        assert "The first 190 pairs" in page
        assert f"Compared are the 20 solvers that got furthest; pairs with the other {many - 20} are left out." in page
        sizes.append(len(page))
    assert sizes[1] < 2 * sizes[0]


def test_of_many_challenges_those_are_drawn_that_tell_solvers_apart() -> None:
    many = [episode(s, i, 0.5 if s == "a" else 0.5 - i / 200) for i in range(90) for s in ("a", "b")]
    drawn = drawn_challenges(many)
    assert len(drawn) == 60
    assert drawn == [f"ns/c{i:02}-v0" for i in range(30, 90)]
    assert "the 60 challenges on which" in " ".join(Page(render(Benchmark(Path(), many))).text.split())


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    return done.stdout.strip()


def test_without_matplotlib_the_extra_is_named() -> None:
    code = """
import sys
sys.modules["matplotlib"] = None
from synthgym.base.errors import MissingDependencyError
from synthgym.train.evaluation import plots
from synthgym.train.evaluation.aup import Run, Task, aup
try:
    plots.profile_figure(aup({"t": Task("higher", 1.0)}, {"a": {"t": [Run.of([2.0])]}}))
except MissingDependencyError as error:
    print(error)
"""
    assert "pip install 'synthgym[report]'" in python(code)


def test_the_callers_matplotlib_is_left_alone(tmp_path: Path) -> None:
    code = f"""
import sys
import matplotlib
from pathlib import Path
before = matplotlib.rcParams.copy()
from synthgym.train.evaluation import plots
from synthgym.train.evaluation.aup import Run, Task, aup
figure = plots.profile_figure(aup({{"t": Task("higher", 1.0)}}, {{"a": {{"t": [Run.of([2.0])]}}}}))
plots.save(figure, Path({str(tmp_path)!r}) / "p.png")
plots.inline_svg(figure, "p")
print("matplotlib.pyplot" in sys.modules)
print([key for key in before if key != "backend" and before[key] != matplotlib.rcParams[key]])
"""
    assert python(code) == "False\n[]"


# -- in a real browser -------------------------------------------------------------------------------------------------

BROWSER = next(
    (path for name in ("chromium", "google-chrome", "chromium-browser") if (path := shutil.which(name))), None
)


def browse(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Opens the folder's report without a network."""
    assert BROWSER
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    options += ["--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--window-size=1200,2400"]
    return subprocess.run(
        [BROWSER, *options, *arguments, (folder / "report.html").as_uri()], capture_output=True, text=True, timeout=120
    )


MEASURE = """<script>
document.querySelectorAll("details").forEach(each => each.open = true);
const over = [...document.querySelectorAll(".scroll")].map(each => each.scrollWidth - each.clientWidth);
over.push(document.documentElement.scrollWidth - document.documentElement.clientWidth);
document.title = "measured: " + over.join(" ");
</script></body>"""


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
@pytest.mark.parametrize("solvers", [3, 10])
def test_tables_fit_a_window_of_1400_pixels(tmp_path: Path, solvers: int) -> None:
    """Long names, large numbers, many columns: nothing must be scrolled to, sideways."""
    large = {"metric": "mean_absolute_percentage_error", "baseline": 123456.789, "reference": 299999.5}
    many = [
        episode(f"chat:Qwen/Qwen3-{k}B-Instruct@http://127.0.0.1:{8000 + k}/v1?temperature=0", i, k * i % 7 / 7, seed,
                final=123456.0 + 9999 * k, tokens=123_456_789, **large)
        for k in range(solvers) for i in range(4) for seed in range(2)
    ]  # fmt: skip
    named = [
        each.model_copy(update={"env_id": each.env_id.replace("c0", "a-challenge-with-a-long-name-")}) for each in many
    ]
    ledger = [{"index": 0, "outcome": "rejected", "check": "a_check_with_a_long_name", "reason": "column a " * 40}]
    settings = {"notes": {"agents": [each.solver for each in many], "a_setting_with_quite_a_long_name": "x" * 300}}
    page = render(Benchmark(tmp_path, named, settings), [trajectory("x" * 3000)], ledger, {"training": settings})
    measured, count = re.subn('<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    assert count == 1
    (tmp_path / "report.html").write_text(measured.replace("</body>", MEASURE), encoding="utf-8")
    shown = browse(tmp_path, "--window-size=1400,1000", "--dump-dom").stdout
    found = re.search("<title>measured: (.*)</title>", shown)
    assert found
    assert set(found[1].split()) == {"0"}, found[1]


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
def test_a_browser_shows_it(tmp_path: Path) -> None:
    import matplotlib.image

    page = render(Benchmark(Path(), records()), [trajectory(HOSTILE)])
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    shown = browse(tmp_path, "--dump-dom", f"--screenshot={tmp_path / 'page.png'}")
    assert shown.returncode == 0, shown.stderr
    assert "CONSOLE" not in shown.stderr
    for solver in GAINS:
        assert solver in shown.stdout
    assert "<script" not in shown.stdout
    pixels = matplotlib.image.imread(tmp_path / "page.png")
    assert pixels.shape[:2] == (2400, 1200)
    assert pixels[..., :3].std() > 0.05
