"""The whole loop in one call: challenges → environments → trajectories → a student → a comparison by AUP.

Everything is real: new challenges are made and verified in sandboxes, the scripted researcher works on them, a student
is trained on its trajectories beside those that are shipped, and base, student and teacher work on challenges of the
held-out split, which nobody was trained on. What a stage has finished is kept, and the same call goes on from there.

::

    <out>/challenges/      the collection made here
    <out>/teacher/         the teacher's episodes on it
    <out>/student/         base model, trained student, training data, training report
    <out>/benchmark/       episodes and scores of base, student and teacher
    <out>/summary.json     figures
    <out>/report.html      a page for people
    <out>/profile.png      the performance profile
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from synthgym.agents.rollout import Event, Summary, rollout
from synthgym.agents.trajectories.store import Store, read_episodes
from synthgym.base.errors import InfrastructureError, UnknownNameError, UserError
from synthgym.base.files.outputs import write_whole
from synthgym.base.progress import show_progress
from synthgym.envs.registration import register_collection
from synthgym.envs.sandboxes import resolve_sandbox
from synthgym.registry.collections.index import SHIPPED, read_index
from synthgym.registry.collections.known import add_collection
from synthgym.registry.collections.unpack import collection_file
from synthgym.synthesis.ledger import funnel
from synthgym.synthesis.pipeline import synthesize
from synthgym.synthesis.recipe import Recipe, Running
from synthgym.train.evaluation.aup import BASELINE, aup, from_records
from synthgym.train.evaluation.benchmark import benchmark
from synthgym.train.evaluation.scores import load_benchmark
from synthgym.train.evaluation.stats import Interval, compare
from synthgym.train.extras import needs_figures, needs_train
from synthgym.train.models.resolve import resolve
from synthgym.train.models.source import ModelSource
from synthgym.train.quick.pretrained import SMOLLM2, fine_tune, resolve_if_available
from synthgym.train.serving.vllm_server import find_vllm

BASE, STUDENT, TEACHER = "base", "student", "teacher"
SMALL_STUDENT, AUTO = "small", "auto"
MODELS = (AUTO, SMALL_STUDENT, SMOLLM2)
"""What can be trained: the student from scratch, a pretrained model, or the second where it can be had."""
NAMESPACE = "quickstart"
TRAJECTORIES = "trajectories/teacher.jsonl.zst"
"""The teacher's episodes on the shipped train split, in the shipped collection."""


@dataclass(frozen=True)
class Scale:
    """How much of everything.

    Attributes:
        challenges: New candidates for challenges.
        teacher_episodes: The teacher's episodes on each new challenge.
        copying_steps: Training steps of the base model's warm-up on copying.
        reading_steps: Of its reading of what environments show.
        train_steps: Of the student's fine-tuning.
        copies: Further copies of each trajectory to train on, with other names.
        held_out: Held-out challenges to compare on; 0 for all.
        episodes: Of each agent on each held-out challenge.
        tuning_steps: Of a pretrained model's fine-tuning, instead of the four before.
    """

    challenges: int
    teacher_episodes: int
    copying_steps: int
    reading_steps: int
    train_steps: int
    copies: int
    held_out: int
    episodes: int
    tuning_steps: int = 8


_ASKED: dict[str, Any] = {"temperature": 0, "max_tokens": 200, "context": 2048, "timeout": 1200}
"""How the student is asked: greedily, and briefly, since a model that has learned nothing never stops by itself; with
patience, since a busy machine must not change what comes of it."""
_AT_ONCE = 24
"""Episodes while vLLM answers: it takes hardly longer for many replies than for two."""

SMALL = Scale(4, 1, 20, 10, train_steps=30, copies=1, held_out=4, episodes=1, tuning_steps=4)
QUICK = Scale(16, 1, 350, 200, train_steps=1500, copies=12, held_out=20, episodes=1, tuning_steps=56)
FULL = Scale(192, 1, 600, 700, train_steps=5500, copies=45, held_out=0, episodes=1, tuning_steps=240)
"""As little as shows that all of it works; at most ten minutes on two cores; about an hour."""


def quickstart(
    out: Path,
    *,
    seed: int = 0,
    jobs: int = 2,
    sandbox: str = "auto",
    scale: Scale = QUICK,
    model: str = SMALL_STUDENT,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Runs the loop and writes `summary.json`, `report.html` and `profile.png` into `out`.

    Args:
        out: New, empty, or an earlier quickstart of the same settings, which goes on where it was ended.
        seed: Decides everything random. On one machine a second run with the student from scratch differs in its
            times only, which `summary.json` has under keys called ``seconds``; vLLM's answers to a pretrained model's
            prompts depend, in their rounding, on what else is asked at the time.
        jobs: Worker processes; `_AT_ONCE` of them, which mostly wait, while vLLM answers.
        sandbox: Backend for everything that is run.
        scale: How much of everything: `SMALL`, `QUICK`, `FULL`, or another.
        model: ``small``: a student from scratch; ``smollm2-135m``: that pretrained model, served by vLLM where it is
            installed; ``auto``: that model where it can be had and vLLM is installed, else the student from scratch.
        say: Told, line by line, what happens.

    Returns:
        What `summary.json` holds.

    Raises:
        UserError: The folder holds something else, or no collection with a held-out split is shipped.
        InfrastructureError: An episode or a verification could not be run. What was finished is kept.
        MissingDependencyError: No sandbox works here, or an extra is not installed.
    """
    sandbox = resolve_sandbox(sandbox)
    needs_train()
    needs_figures()
    if model not in MODELS:
        raise UnknownNameError("model", model, MODELS, "(of quickstart; synthgym train sft takes others)")
    pretrained = None
    if model == AUTO:
        pretrained = _where_it_fits(say)
    elif model != SMALL_STUDENT:
        pretrained = resolve(SMOLLM2, say=say)
    loop = _Loop(out, scale, seed, jobs, sandbox, say, pretrained)
    chosen = pretrained.name if pretrained else SMALL_STUDENT
    Store(out).claim({"command": "quickstart", "scale": asdict(scale), "seed": seed, "model": chosen})
    return loop.run()


def _where_it_fits(say: Callable[[str], None]) -> ModelSource | None:
    """The pretrained model, where it can be had and vLLM can serve it; without vLLM it is too slow for ten minutes."""
    if find_vllm() is None:
        say(f"vLLM is not installed (make vllm): the student is one from scratch, not {SMOLLM2}")
        return None
    found = resolve_if_available(SMOLLM2, say)
    if found is None:
        say("  the student from scratch takes its place")
    return found


class _Loop:
    """The stages, in order; each finds what an earlier run has finished."""

    def __init__(
        self,
        out: Path,
        scale: Scale,
        seed: int,
        jobs: int,
        sandbox: str,
        say: Callable[[str], None],
        pretrained: ModelSource | None,
    ) -> None:
        self.out, self.scale, self.seed, self.jobs, self.sandbox, self.say = out, scale, seed, jobs, sandbox, say
        self.pretrained = pretrained
        self.seconds: dict[str, float] = {}

    def run(self) -> dict[str, Any]:
        summary: dict[str, Any] = {"challenges": self.synthesize()}
        summary["trajectories"] = self.collect()
        summary["training"] = self.train()
        summary["solvers"] = self.compare()
        summary["seconds"] = {name: round(value, 1) for name, value in self.seconds.items()}
        summary["settings"] = {
            "seed": self.seed,
            "jobs": self.jobs,
            "sandbox": self.sandbox,
            "model": self.pretrained.name if self.pretrained else SMALL_STUDENT,
            **asdict(self.scale),
        }
        self.write(summary)
        return summary

    @contextmanager
    def stage(self, name: str, what: str) -> Iterator[None]:
        """Says what begins, and times it."""
        self.say(f"{name}: {what}")
        started = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - started

    # -- stages ------------------------------------------------------------------------------------------------------

    def synthesize(self) -> dict[str, Any]:
        """New challenges, made and verified here."""
        count = self.scale.challenges
        with (
            self.stage("synthesize", f"{count} new challenges, each verified in a sandbox"),
            show_progress("synthesize", count) as progress,
        ):
            result = synthesize(
                Recipe(seed=self.seed + 1, namespace=NAMESPACE, split="train"),
                count,
                self.out / "challenges",
                Running(jobs=self.jobs, sandbox=self.sandbox),
                progress=progress,
                title="Made by synthgym quickstart",
            )
        if result.unfinished:
            index, reason = min(result.unfinished.items())
            raise InfrastructureError(
                f"{len(result.unfinished)} of {count} candidates could not be verified (the first, {index}: {reason}); "
                "the same command goes on with them"
            )
        counts = funnel(result.entries)
        self.say(f"  {counts['accepted']} of {counts['candidates']} verified")
        return counts

    def collect(self) -> dict[str, Any]:
        """The teacher's episodes on the new challenges."""
        ids = register_collection(add_collection(self.out / "challenges"))
        episodes = self.scale.teacher_episodes
        with (
            self.stage("collect", f"{len(ids) * episodes} episodes of the scripted researcher on them"),
            show_progress("collect", len(ids) * episodes) as progress,
        ):
            done = rollout(
                ids,
                "scripted",
                out=self.out / "teacher",
                episodes=episodes,
                jobs=self.jobs,
                seed=self.seed,
                sandbox=self.sandbox,
                progress=lambda event: progress.advance(1 if event.done else 0),
            )
        _whole(done, self.out / "teacher")
        self.say(f"  mean improvement {done.mean_improvement:.2f}" if done.mean_improvement is not None else "  none")
        shipped = sum(1 for _ in read_episodes(collection_file(SHIPPED, TRAJECTORIES)))
        self.say(f"  {shipped} shipped episodes beside them")
        return {
            "shipped": shipped,
            "live": done.finished + done.resumed,
            "live_mean_improvement": done.mean_improvement,
        }

    def train(self) -> dict[str, Any]:
        """Base model and student, from the shipped trajectories and the new ones."""
        from synthgym.train.quick.small import train_student

        data = [collection_file(SHIPPED, TRAJECTORIES), self.out / "teacher"]
        if self.pretrained:
            steps = self.scale.tuning_steps
            with self.stage("train", f"{self.pretrained.name}, {steps:,} steps of fine-tuning"):
                return fine_tune(
                    self.pretrained,
                    SMOLLM2,
                    data,
                    self.out / "student",
                    steps=steps,
                    seed=self.seed,
                    say=lambda text: self.say(f"  {text}"),
                )

        with self.stage("train", f"a small student, {self.scale.train_steps:,} steps of fine-tuning"):
            trained: dict[str, Any] = train_student(
                data,
                self.out / "student",
                steps=self.scale.train_steps,
                copying_steps=self.scale.copying_steps,
                reading_steps=self.scale.reading_steps,
                copies=self.scale.copies,
                seed=self.seed,
                say=lambda text: self.say(f"  {text}"),
            )
        return trained

    def compare(self) -> dict[str, Any]:
        """Base, student and teacher on held-out challenges.

        The small student is served by transformers even where vLLM is installed: one answer after the other, on one
        thread, so that a second run gives the same answers, bit for bit.
        """
        from synthgym.train.serving import serve

        ids = self.held_out()
        folder = self.out / "benchmark"
        episodes = self.scale.episodes
        with (
            self.stage("benchmark", f"base, student and teacher on {len(ids)} held-out challenges"),
            show_progress("benchmark", len(ids) * episodes * 3) as progress,
        ):

            def watch(agent: str, event: Event) -> None:
                progress.advance(1 if event.done else 0, agent)

            def on(name: str, agent: str, jobs: int = self.jobs) -> None:
                done = benchmark(
                    ids,
                    [f"{name}={agent}"],
                    out=folder,
                    episodes=episodes,
                    jobs=jobs,
                    seed=self.seed,
                    sandbox=self.sandbox,
                    progress=watch,
                )
                _whole(done[name], folder)

            on(TEACHER, "scripted")
            for name in (BASE, STUDENT):
                place = self.out / "student" / name
                if self.pretrained:
                    model = self.pretrained if name == BASE else place
                    with serve(model, context=_ASKED["context"], max_lora_rank=None, dtype="bfloat16") as server:
                        on(name, server.spec(**_ASKED), max(self.jobs, _AT_ONCE))
                    continue
                # One request after the other, so that what comes of it is the same again.
                with serve(place, engine="transformers", device="cpu", max_lora_rank=None) as server:
                    on(name, server.spec(**_ASKED))
        return self.figures()

    def held_out(self) -> list[str]:
        """Ids of the shipped held-out challenges to compare on."""
        index = read_index(SHIPPED)
        ids = [f"{index.namespace}/{entry.id}-v{entry.version}" for entry in index.entries if entry.split == "heldout"]
        if not ids:
            raise UserError(f"{SHIPPED}: no challenge of the split 'heldout'; is synthgym installed whole?")
        # Spread over the collection, which is in the order of names.
        wanted = self.scale.held_out or len(ids)
        step = max(len(ids) / wanted, 1.0)
        return [ids[int(at * step)] for at in range(min(wanted, len(ids)))]

    # -- results -----------------------------------------------------------------------------------------------------

    def figures(self) -> dict[str, Any]:
        """The comparison, for `summary.json`."""
        records = load_benchmark(self.out / "benchmark").records
        comparison = compare(records, seed=self.seed)
        standings = aup(*from_records(records))
        areas = standings.to_dict()
        solvers: dict[str, Any] = {}
        for name, found in comparison.summaries.items():
            solvers[name] = {
                "mean_improvement": found.improvement.mean,
                "mean_improvement_interval": _pair(found.improvement),
                "share_solved": found.solved.mean,
                "share_solved_interval": _pair(found.solved),
                "aup_best": areas["best"][name],
                "aup_last": areas["last"][name],
                "episodes": found.episodes,
                "steps": found.steps,
                "seconds": found.seconds,
                "tokens": found.tokens,
            }
        ahead = comparison.difference(STUDENT, BASE).improvement
        teacher = solvers[TEACHER]["mean_improvement"]
        return {
            **solvers,
            "starter": {"aup_best": areas["best"][BASELINE], "aup_last": areas["last"][BASELINE]},
            "student_minus_base": {"mean_improvement": ahead.mean, "interval": _pair(ahead), "clear": ahead.clear},
            "student_share_of_teacher": solvers[STUDENT]["mean_improvement"] / teacher if teacher else None,
            "challenges": len(comparison.env_ids),
            "aup_largest": standings.largest,
            "aup_warnings": list(standings.warnings),
        }

    def write(self, summary: dict[str, Any]) -> None:
        """Summary, report and figure."""
        from synthgym.train.evaluation.candidates import read_candidates
        from synthgym.train.evaluation.plots import profile_figure, save
        from synthgym.train.evaluation.report import render
        from synthgym.train.evaluation.samples import sample_episodes

        text = json.dumps(summary, indent=2, ensure_ascii=False) + "\n"
        write_whole(self.out / "summary.json", text)
        folder = self.out / "benchmark"
        found = load_benchmark(folder)
        ledger = read_candidates(self.out / "challenges")
        shown = {name: summary[name] for name in ("challenges", "trajectories", "training", "seconds")}
        page = render(found, sample_episodes(folder, 2), ledger, shown)
        write_whole(self.out / "report.html", page)
        save(profile_figure(aup(*from_records(found.records))), self.out / "profile.png")


def _whole(done: Summary, folder: Path) -> None:
    """Sees that no episode is missing: with fewer, the student and the comparison would be others."""
    if done.failed:
        raise InfrastructureError(
            f"{done.failed} of {done.planned} episodes failed, for reasons that are in failures.jsonl below {folder}; "
            "the same command runs them again"
        )


def _pair(interval: Interval) -> list[float | None]:
    return [interval.low, interval.high]


def table(summary: dict[str, Any]) -> list[list[str]]:
    """The comparison as rows of text, the head first; means over episodes, at most 80 columns wide."""
    rows = [["", "improvement", "95 % interval", "solved", "AUP best", "AUP last", "steps"]]
    for name in (BASE, STUDENT, TEACHER):
        solver = summary["solvers"][name]
        low, high = solver["mean_improvement_interval"]
        rows.append(
            [
                name,
                f"{solver['mean_improvement']:.3f}",
                "" if low is None else f"{low:.3f} to {high:.3f}",
                f"{solver['share_solved']:.0%}",
                f"{solver['aup_best']:.3f}",
                f"{solver['aup_last']:.3f}",
                f"{solver['steps']:.1f}",
            ]
        )
    return rows
