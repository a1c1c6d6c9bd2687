"""`synthgym train`: makes a model better, from trajectories or by its own episodes."""

from __future__ import annotations

import typer

from synthgym.cli.shared.lists import Command
from synthgym.cli.training.iterate import train_iterate
from synthgym.cli.training.rl import train_rl
from synthgym.cli.training.sft import train_sft

train = typer.Typer(
    name="train",
    no_args_is_help=True,
    help="Makes a model better: from trajectories (sft), by its own episodes (rl, iterate).",
)
train.command("sft", cls=Command)(train_sft)
train.command("rl", cls=Command)(train_rl)
train.command("iterate", cls=Command)(train_iterate)
