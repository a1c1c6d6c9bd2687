"""What can go wrong with a server of ours, told apart."""

from __future__ import annotations

from synthgym.base.errors import ModelError, UserError


class ServerFailed(ModelError):
    """A server did not come up, or is gone; holds the end of what it printed."""


class NotEnoughMemory(ServerFailed):
    """A server found too little memory for the model and its context; says which setting makes it smaller."""


class AdapterDoesNotFit(UserError):
    """An adapter that cannot be used with the model served: too large a rank, of another model, or of another kind."""
