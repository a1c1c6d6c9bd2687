"""The forms of an agent's spec, and the agents that have a name of their own. Imports nothing, for the command line."""

from __future__ import annotations

BUILT_IN = {"scripted": "synthgym.agents.research.scripted:ScriptedAgent"}
"""Agents by name, and where each is."""

FORMS = [*BUILT_IN, "chat:MODEL@BASE_URL", "serve:MODEL", "module:attr"]
"""What a spec may be, as errors and help say it; see `synthgym.agents.specs`."""
