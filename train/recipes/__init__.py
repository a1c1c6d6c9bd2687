"""Recipes: the settings that a model of some size is trained with, as YAML, and how they are read."""
