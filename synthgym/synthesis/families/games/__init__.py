"""Games: strategies for iterated games against hidden opponents."""
