"""Comparing agents: benchmarks, statistics, AUP, figures, the report."""
