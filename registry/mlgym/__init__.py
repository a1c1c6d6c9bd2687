"""MLGym: its tasks read from a checkout, and what its files do not say of them."""
