"""Verification: the checks that every challenge must pass, and what runs them."""
