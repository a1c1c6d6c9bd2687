"""Data that challenges can be made of: where it is, and what is in its tables."""
