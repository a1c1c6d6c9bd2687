"""Runs a program of somebody else's with its random numbers seeded: ``python seeded.py SEED PROGRAM ARGUMENTS…``.

As if it had been started itself, in the current folder. numpy is seeded where the program names it. A program that
names jax has seeds of its own; with the environment variable SYNTHGYM_LOTS, 16 hexadecimal digits, they mean other
random numbers than they would elsewhere. Programs may say where their suite's workspace is; where it is elsewhere, they
are told so.

What no submission is to blame for has an exit code of its own, by the kind of error: its words may quote a submission.
"""

import os
import random
import sys
import traceback
import types

WORKSPACE = "/home/agent/workspace"
LACKS_A_PACKAGE, LACKS_THE_LINE = 97, 98


def change_keys(lots: str) -> None:
    """Has a seed give another key than jax's, which nobody can tell who does not know the lots."""
    import jax

    key = jax.numpy.array([int(lots[:8], 16), int(lots[8:16], 16)], jax.numpy.uint32)
    jax.random.PRNGKey = lambda seed, **options: jax.random.fold_in(key, seed)
    jax.random.key = lambda seed, **options: jax.random.wrap_key_data(jax.random.fold_in(key, seed))


def main(seed: int, program: str) -> None:
    with open(program, encoding="utf-8") as file:
        source = file.read().replace(WORKSPACE, os.getcwd())
    random.seed(seed)
    if "numpy" in source:
        import numpy

        numpy.random.seed(seed % 2**32)
    lots = os.environ.pop("SYNTHGYM_LOTS", "")
    if lots and "jax" in source:
        change_keys(lots)
    module = types.ModuleType("__main__")
    module.__file__ = program
    sys.modules["__main__"] = module
    try:
        exec(compile(source, program, "exec"), module.__dict__)
    except Exception as error:
        traceback.print_exc()
        if isinstance(error, ModuleNotFoundError):
            sys.exit(LACKS_A_PACKAGE)
        sys.exit(LACKS_THE_LINE if type(error).__name__ == "NoLine" else 1)


if __name__ == "__main__":
    sys.argv = sys.argv[1:]
    sys.path[0] = ""
    main(int(sys.argv.pop(0)), sys.argv[0])
