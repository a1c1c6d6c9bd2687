"""Who answers the episodes: a server, or the model in training itself."""
