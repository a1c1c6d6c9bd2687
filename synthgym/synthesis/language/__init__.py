"""The author that is a language model: topics, proposals checked against real data, code, and debugging."""
