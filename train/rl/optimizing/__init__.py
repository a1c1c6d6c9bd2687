"""From rewards and tokens to a step of the optimizer."""
