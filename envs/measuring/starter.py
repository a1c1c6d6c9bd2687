"""A challenge's own commands as verification measures them: in the agent's sandbox, from a fresh workspace, seeded."""

from __future__ import annotations

from dataclasses import replace

from synthgym.envs.sandboxes.base import CommandResult, Limits, Sandbox
from synthgym.registry.challenge import Challenge


def start_seeded(box: Sandbox, seed: int) -> None:
    """Starts a sandbox of the agent's profile anew, with the variable ``SEED`` as an episode has it."""
    box.setup = replace(box.setup, env={**box.setup.env, "SEED": str(seed)})
    box.start()


def run_own(challenge: Challenge, box: Sandbox, command: str) -> CommandResult:
    """Runs the starter or the reference solution as an agent's command, and tells how it ended, whatever that is."""
    budget = challenge.budget
    seconds = budget.command_cpu_seconds
    return box.run(command, Limits(seconds, seconds * budget.wall_factor))
