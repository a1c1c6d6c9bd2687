"""Families of challenges that the procedural author knows."""
