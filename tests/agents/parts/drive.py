"""Runs a rollout of toys as a process of its own, to be killed or interrupted: drive.py OUT SCRATCH JOBS [DELAY]."""

from __future__ import annotations

import signal
import sys

import gymnasium

from synthgym.agents.rollout import Event, rollout


def show(event: Event) -> None:
    print(f"{event.recorded}/{event.planned}", flush=True)


if __name__ == "__main__":
    out, scratch, jobs, delay = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    for name in ("one", "two"):
        options = {"opened": scratch, "delay": delay}
        gymnasium.register(id=f"toy/{name}-v0", entry_point="toy_env:ToyEnv", kwargs=options)
    try:
        summary = rollout(
            ["toy/one-v0", "toy/two-v0"], "toy_agents:Seeded", out=out, episodes=10, jobs=jobs, progress=show
        )
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.exit(130)
    print(summary.model_dump_json())
