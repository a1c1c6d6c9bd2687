"""Floor 3: agents and what they leave behind. Model client, agents, episodes, rollouts, the trajectory store."""
