"""Random 3-SAT instances whose satisfiability is known, in the form that MLGym's 3-SAT task reads.

MLGym does not ship the instances that its published times are of. These stand in for them and are others: in number,
size and hardness. No figure made with them compares with a published one.
"""

from __future__ import annotations

import pickle
from random import Random

Clause = tuple[int, int, int]
Instance = tuple[int, int, int, list[Clause], bool, None]
"""Number, variables, clauses, formula, whether it can be satisfied; and a place that nothing reads."""

_SKIPPED = 3  # entries at the beginning that the evaluator passes over
_VARIABLES = (20, 40)
_RATIOS = (3.6, 4.9)  # clauses to variables: from mostly satisfiable, over the hardest at 4.26, to mostly not


def instances(count: int, rng: Random) -> list[Instance]:
    """So many instances, of mixed sizes and ratios; the hardest last."""
    made = []
    for _ in range(count):
        variables = rng.randint(*_VARIABLES)
        formula = [_clause(variables, rng) for _ in range(round(variables * rng.uniform(*_RATIOS)))]
        possible, branches = solved(formula)
        made.append((branches, variables, formula, possible))
    made.sort(key=lambda each: each[:2])
    return [
        (index, variables, len(formula), formula, possible, None)
        for index, (_, variables, formula, possible) in enumerate(made)
    ]


def packed(made: list[Instance]) -> bytes:
    """The file that the evaluator loads."""
    return pickle.dumps([made[0]] * _SKIPPED + made, protocol=4)


def solved(formula: list[Clause]) -> tuple[bool, int]:
    """Whether some assignment makes every clause true, and how many choices it took to find out.

    By propagation, and a choice in the shortest clause.
    """
    return _search([list(clause) for clause in formula])


def _clause(variables: int, rng: Random) -> Clause:
    a, b, c = (each * rng.choice((-1, 1)) for each in rng.sample(range(1, variables + 1), 3))
    return a, b, c


def _search(clauses: list[list[int]]) -> tuple[bool, int]:
    while clauses:
        shortest = min(clauses, key=len)
        if not shortest:
            return False, 0
        literal = shortest[0]
        if len(shortest) > 1:
            possible, branches = _search(_assigned(clauses, literal))
            if not possible:
                possible, more = _search(_assigned(clauses, -literal))
                branches += more
            return possible, branches + 1
        clauses = _assigned(clauses, literal)
    return True, 0


def _assigned(clauses: list[list[int]], literal: int) -> list[list[int]]:
    """What is left of the clauses where a literal is true."""
    return [[each for each in clause if each != -literal] for clause in clauses if literal not in clause]
