"""The small student: made from scratch in minutes, tokenizer, wiring and first training included."""
