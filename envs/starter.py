"""A challenge's own commands as verification and a first use run them: in the agent's sandbox, seeded."""

from __future__ import annotations

from synthgym.envs.sandboxes.base import CommandResult, Limits, Sandbox
from synthgym.registry.challenge import Challenge


def run_seeded(challenge: Challenge, box: Sandbox, command: str, seed: int) -> CommandResult:
    """Runs the starter or the reference solution as an agent's command, with the variable ``SEED`` set.

    Args:
        challenge: Gives the limits of one command.
        box: A started sandbox of the agent's profile.
        command: `baseline.command` or `reference.command`.
        seed: What ``SEED`` is.

    Returns:
        How it ended, whatever that is.
    """
    budget = challenge.budget
    limits = Limits(budget.command_cpu_seconds, budget.command_cpu_seconds * budget.wall_factor)
    return box.run(f"export SEED={seed}; {command}", limits)
