"""What an endpoint's error means, told from its status and its words, whatever the endpoint's make."""
