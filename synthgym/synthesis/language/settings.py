"""What decides a model's challenges, besides the model and the seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from synthgym.base.errors import UnknownNameError, UserError
from synthgym.base.validation import first_problem

HUB, SKLEARN, GENERATED = "hub", "sklearn", "generated"


class Settings(BaseModel):
    """Settings of the author; rounds, tries and chances are our choice, the paper gives none.

    Attributes:
        datasets: Where data may come from: ``hub``, ``sklearn`` (what is bundled with scikit-learn), ``generated``
            (games and simulations that need none), and folders of tables.
        topics: Topics to take instead of asking the model for some.
        domains: Only these domains; they need not be in the taxonomy.
        avoid: Topics to keep away from.
        tries: Proposals for one topic before it is given up.
        rounds: How often code that failed goes back to the model.
        p_debug: After so many rounds the candidate is dropped with this probability, else begun anew.
        restarts: How often it may be begun anew.
        most_mb: Megabytes of data a challenge may have.
        licences: Licences that data may have, as the Hub writes them; empty: any that is stated.
        attempts: Episodes of an agent on each challenge, for the agent check and the difficulty; 0 for none.
        agent: That agent; see `synthgym.agents.specs`.

    Raises:
        UnknownNameError: There is no such setting; says which there are.
        UserError: The value of one is wrong.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    datasets: tuple[str, ...] = (HUB, GENERATED)
    topics: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    tries: int = Field(default=3, ge=1)
    rounds: int = Field(default=4, ge=0)
    p_debug: float = Field(default=0.5, ge=0, le=1)
    restarts: int = Field(default=1, ge=0)
    most_mb: float = Field(default=100.0, gt=0)
    licences: tuple[str, ...] = ()
    attempts: int = Field(default=1, ge=0)
    agent: str = "scripted"

    @model_validator(mode="wrap")
    @classmethod
    def _explained(cls, given: Any, check: Callable[[Any], Self]) -> Self:
        """Has a wrong setting be an error of ours, which names it."""
        for name in given if isinstance(given, dict) else ():
            if name not in cls.model_fields:
                raise UnknownNameError("setting", name, (), f"(settings: {', '.join(cls.model_fields)})")
        try:
            return check(given)
        except ValidationError as error:
            raise UserError(first_problem(error)) from None
