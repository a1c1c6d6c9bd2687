"""One episode in MLGym's words: what its scripts read of a run, from `results.json` and from the `.traj` file.

MLGym's figures for a run's *last* score take the last entry of ``agent``. Here that is the final grade of the held-out
half, after the scores of the validations; where nothing was accepted in the end it is the last validation, as there.
"""

from __future__ import annotations

import math
from typing import Any

from synthgym.agents.agent import Usage
from synthgym.agents.chat.actions import Reply, parse_reply, write_reply
from synthgym.agents.chat.agent import NO_COMMAND, NO_ROOM, user_message
from synthgym.agents.trajectories.trajectory import Step, Trajectory

_WHY = {"submitted": "submit", "step_limit": "max_steps", "budget": "exit_cost"}
"""What ended an episode. MLGym has no limit on time, only one on cost: both are a budget that is used up."""


def results(record: Trajectory) -> dict[str, Any]:
    """What `results.json` holds: ``{"agent": [{metric: score}, …], "baseline": {metric: score}}``.

    A validation that was refused gave no score and has no entry; an episode without any score has an empty list.
    """
    baseline = _measured(record, [record.baseline])
    return {"agent": _scores(record), "baseline": baseline[0] if baseline else {}}


def trajectory(record: Trajectory) -> dict[str, Any]:
    """What the `.traj` file holds: ``{"environment": …, "trajectory": […], "history": […], "info": {…}}``."""
    return {
        "environment": record.env_id,
        "trajectory": [_step(step) for step in record.steps],
        "history": _history(record),
        "info": {
            "model_stats": _model_stats(record.usage),
            "exit_status": exit_status(record),
            "submission": None,  # where it lay, which a record does not say
            "score": _scores(record),
            "summarizer": {},
        },
    }


def exit_status(record: Trajectory) -> str:
    """How the episode ended, always one of those that MLGym's scripts sort into kinds of failure.

    A record does not say what was wrong with a submission: one that is missing is `evaluation_format_error` too, which
    MLGym counts as the same kind. An agent that raised, or left without handing in, is an `early_exit`.
    """
    why = _why(record)
    if why is None:
        return "early_exit"
    if not record.outcome.accepted_submission:
        return f"evaluation_format_error ({why})"
    return "submitted" if why == "submit" else f"autosubmission ({why})"


def _why(record: Trajectory) -> str | None:
    """What ended the episode, None where MLGym has no word for it."""
    outcome = record.outcome
    if outcome.exit_status == "agent_error":
        return None
    reason = outcome.error or ""  # of an agent that stopped: what it left was handed in for it
    if NO_COMMAND in reason:
        return "exit_format"
    if NO_ROOM in reason:
        return "exit_context"
    if outcome.exit_status == "agent_stopped":
        return "submit" if record.steps and record.steps[-1].action.strip() == "submit" else None
    return _WHY.get(outcome.exit_status or "")


def _scores(record: Trajectory) -> list[dict[str, float]]:
    return _measured(record, [*record.outcome.validations, record.outcome.score])


def _measured(record: Trajectory, scores: list[float | None]) -> list[dict[str, float]]:
    """Scores by their metric. Graders of ours give none that is not finite; an environment of others might."""
    return [{record.metric or "score": score} for score in scores if score is not None and math.isfinite(score)]


def _step(step: Step) -> dict[str, Any]:
    response, thought = _said(step)
    return {
        "action": step.action,
        "observation": step.observation,
        "response": response,
        "state": "",  # of MLGym's file viewer; a record has none
        "thought": thought,
        "execution_time": step.elapsed,
    }


def _history(record: Trajectory) -> list[dict[str, Any]]:
    """The conversation with nothing left out of it but replies that were sent back, which MLGym does not keep either.

    It ends with the last reply: nobody answered what came after it.
    """
    said: list[dict[str, Any]] = []
    first = record.messages[0] if record.messages else {}
    if first.get("role") == "system":
        said.append({"role": "system", "content": first.get("content")})
    shown = record.reset.observation
    for step in record.steps:
        response, thought = _said(step)
        said.append(user_message(shown))
        said.append({"role": "assistant", "content": response, "thought": thought, "action": step.action})
        shown = step.observation
    if not record.steps:
        said.append(user_message(shown))
    return [{**message, "agent": record.agent} for message in said]


def _said(step: Step) -> tuple[str, str]:
    """The reply that the action was taken from, and what it says beside the command."""
    if step.content is None:
        return write_reply("", step.action), ""
    reply = parse_reply(step.content)
    return step.content, reply.discussion if isinstance(reply, Reply) else ""


def _model_stats(usage: Usage | None) -> dict[str, float | None]:
    """What the agent spent; empty for one that does not say."""
    if usage is None:
        return {}
    return {
        "total_cost": usage.cost,
        "task_cost": usage.cost,
        "tokens_sent": usage.prompt_tokens,
        "tokens_received": usage.completion_tokens,
        "api_calls": usage.calls,
    }
