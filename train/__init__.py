"""Floor 4: from trajectories to a student, and from agents to AUP."""
