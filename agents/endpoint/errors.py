"""What can go wrong with a call of a model, beyond `ModelError` itself: who asks may go on differently after each."""

from __future__ import annotations

from synthgym.base.errors import ModelError, UserError


class ContextOverflow(ModelError):
    """The conversation no longer fits the model's context."""


class NoRoom(ContextOverflow):
    """Not even a conversation that has just begun fits: whoever runs the model can put that right, no agent can."""


class ModelRefused(ModelError, UserError):
    """No call can be made, or every one will be refused: no key, a wrong one, an unknown model, no credit left."""


class BadRequest(ModelError):
    """The endpoint refuses this very call, for a reason that is not known here."""


class Flagged(ModelError):
    """The endpoint refuses what the conversation says."""
