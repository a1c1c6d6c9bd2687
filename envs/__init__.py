"""Floor 2: challenges as Gymnasium environments. Sandboxes, workspace, channel, grading, reward, registration."""
