"""An agent that is a language model behind an endpoint: one command a reply."""
