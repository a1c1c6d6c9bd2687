"""Reinforcement learning: a policy that is better for the episodes it has played itself."""
