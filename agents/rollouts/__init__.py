"""Parts of a rollout: its plan, what is recorded of it already, the processes that run it, and what came of it."""
