"""Runs a program of somebody else's with its random numbers seeded: ``python seeded.py SEED PROGRAM ARGUMENTS…``.

As if it had been started itself, in the current folder. numpy is seeded where the program names it. MLGym's evaluators
say where MLGym's workspace is; where it is elsewhere, they are told so.
"""

import os
import random
import sys
import types

WORKSPACE = "/home/agent/workspace"

seed, program = int(sys.argv[1]), sys.argv[2]
sys.argv = sys.argv[2:]
sys.path[0] = ""
with open(program, encoding="utf-8") as file:
    source = file.read().replace(WORKSPACE, os.getcwd())
random.seed(seed)
if "numpy" in source:
    import numpy

    numpy.random.seed(seed % 2**32)
module = types.ModuleType("__main__")
module.__file__ = program
sys.modules["__main__"] = module
exec(compile(source, program, "exec"), module.__dict__)
