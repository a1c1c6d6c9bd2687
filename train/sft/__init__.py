"""Supervised fine-tuning: from conversations to a better student."""
