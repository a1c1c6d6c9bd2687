"""What a submitted function may answer, by a declared form: checked before an evaluator sees it.

An evaluator says of an answer what its author thought of; one that zips two answers, or asks whether something is
assigned, may be led astray by another length, type or name. Runs beside the evaluator, which is why it imports nothing.
"""

from typing import Any


def checked(answer: Any, form: dict[str, Any], given: tuple[Any, ...]) -> Any:
    """The answer, of plain types.

    Args:
        answer: What came back.
        form: ``{"one_of": [0, 1]}``; ``{"integers": 6, "sum": 120}``: so many whole numbers that are not negative, of
            at most this sum; ``{"decision": True}``: a SAT solver's next variable, see `_decision`.
        given: What the function was called with.

    Raises:
        ValueError: It is of another form; says what was expected, what came.
    """
    if "one_of" in form:
        value = _whole(answer)
        if value is None or value not in form["one_of"]:
            raise ValueError(f"expected one of {form['one_of']}, got {_shown(answer)}")
        return value
    if "integers" in form:
        count, most = form["integers"], form["sum"]
        values = [_whole(each) for each in answer] if isinstance(answer, list | tuple) else []
        if len(values) != count or any(each is None or each < 0 for each in values):
            raise ValueError(f"expected a list of {count} whole numbers, none negative, got {_shown(answer)}")
        if sum(values) > most:  # type: ignore[arg-type]
            raise ValueError(f"expected numbers of at most {most} together, got {_shown(answer)}")
        return values
    return _decision(answer, *given[:2])


def _decision(answer: Any, clauses: Any, assignments: Any) -> tuple[Any, Any]:
    """A variable of an open clause that has no value yet, and its value; no variable only where there is none."""
    if not isinstance(answer, list | tuple) or len(answer) != 2:
        raise ValueError(f"expected a variable and its value, got {_shown(answer)}")
    variable, value = _whole(answer[0]), answer[1]
    unassigned = {abs(literal) for clause in clauses for literal in clause} - set(assignments)
    if answer[0] is None and not unassigned:
        return None, bool(value)
    if variable not in unassigned or type(value).__name__ not in ("bool", "bool_"):
        raise ValueError(
            f"expected a variable without a value, in a clause that is open, and True or False; got {_shown(answer)}"
        )
    return variable, bool(value)


def _whole(value: Any) -> int | None:
    """A whole number, Python's or numpy's; no truth value, which Python takes for one."""
    if type(value) is int:
        return value
    if type(value).__module__ == "numpy" and getattr(getattr(value, "dtype", None), "kind", "") in ("i", "u"):
        return int(value) if getattr(value, "shape", None) == () else None
    return None


def _shown(answer: Any) -> str:
    text = repr(answer)
    return text if len(text) <= 200 else text[:199] + "…"
