"""Has Python programs run as on another machine, another day: those with this folder in PYTHONPATH.

Their children have it there as well.
"""
