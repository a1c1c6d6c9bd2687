"""How the scripted researcher works: rules that read what they are shown and answer with commands."""
