"""Whether what an agent can read gives hidden labels away."""
