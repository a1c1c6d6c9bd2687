"""Runs a program of somebody else's with its random numbers seeded: ``python seeded.py SEED PROGRAM ARGUMENTS…``.

As if it had been started itself, in the current folder. numpy is seeded where the program names it. MLGym's evaluators
say where MLGym's workspace is; where it is elsewhere, they are told so.

What no submission is to blame for has an exit code of its own, by the kind of error: its words may quote a submission.
"""

import os
import random
import sys
import traceback
import types

WORKSPACE = "/home/agent/workspace"
LACKS_A_PACKAGE, LACKS_THE_LINE = 97, 98


def main(seed: int, program: str) -> None:
    with open(program, encoding="utf-8") as file:
        source = file.read().replace(WORKSPACE, os.getcwd())
    random.seed(seed)
    if "numpy" in source:
        import numpy

        numpy.random.seed(seed % 2**32)
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
