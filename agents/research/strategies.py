"""Research on a strategy, a function of both sides' moves with a table of payoffs: it rewrites the function."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from synthgym.agents.research.briefing import NO_MORE, Briefing, Research, Scores
from synthgym.base.python_parser import parse


@dataclass(frozen=True)
class Game:
    """What the starter of a strategy shows.

    Attributes:
        mine: Name of the argument with one's own moves.
        theirs: Name of the argument with the other side's.
        moves: Name of the list of moves.
        payoff: The payoff of move m against t, as code.
        returned: What the function returns, as code.
    """

    mine: str
    theirs: str
    moves: str
    payoff: str
    returned: str


_MINE = re.compile(r"\b(mine|my|own|us|ours|me|self)(_|\b)")
_RETURN = re.compile(r"^ *return (.*)$", re.M)


def read_game(text: str) -> Game | None:
    """Finds the function's arguments, the list of moves and the table of payoffs.

    None if any is missing, or the function is more than one ``return``.
    """
    try:
        tree = parse(text)
    except (SyntaxError, ValueError):
        return None
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and len(node.args.args) == 2]
    returned = _RETURN.findall(text)
    moves = table = ""
    nested = False
    for node in tree.body:
        if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
            continue
        name, value = node.targets[0].id, node.value
        if isinstance(value, ast.List) and value.elts:
            if isinstance(value.elts[0], ast.List):
                table, nested = name, True
            else:
                moves = name
        elif isinstance(value, ast.Dict) and value.keys:
            table, nested = name, not isinstance(value.keys[0], ast.Tuple)
    if not (len(functions) == 1 and len(returned) == 1 and moves and table):
        return None
    first, second = (argument.arg for argument in functions[0].args.args)
    mine, theirs = (second, first) if _MINE.search(second) and not _MINE.search(first) else (first, second)
    return Game(mine, theirs, moves, f"{table}[m][t]" if nested else f"{table}[m, t]", returned[0])


def play(briefing: Briefing) -> Research:
    """The whole episode: a best reply to all their moves, then to those that came after a round like the last."""
    file = briefing.module
    shown = yield f"First I read {file}.", f"cat {file}"
    scores = Scores(briefing.lower_is_better)
    observation = yield "Now the starter.", "validate"
    scores.compare(observation)
    game = read_game(shown)
    if game is None or NO_MORE in observation:
        yield "I submit.", "submit"
        return
    reply = f"max({game.moves}, key=lambda m: sum({game.payoff} for t in {game.theirs}))"
    observation = yield "Best reply to all of it so far.", f"{_edit('return .*', f'return {reply}', file)} && validate"
    if scores.compare(observation) == "worse":
        yield "Worse. Back.", _edit("return .*", f"return {game.returned}", file)
        yield "I submit.", "submit"
        return
    if NO_MORE not in observation:
        alike = f"p == {game.mine}[-1] and q == {game.theirs}[-1]"
        followed = f"for p, q, t in zip({game.mine}, {game.theirs}, {game.theirs}[1:]) if {alike}"
        observation = yield (
            "Better. Now only what came after a round like the last.",
            f"{_edit(f'for t in {game.theirs}', followed, file)} && validate",
        )
        if scores.compare(observation) == "worse":
            yield "Worse. Back.", _edit("return .*", f"return {reply}", file)
    yield "I submit.", "submit"


def _edit(old: str, new: str, file: str) -> str:
    return f'sed -i "s/{old}/{new}/" {file}'
