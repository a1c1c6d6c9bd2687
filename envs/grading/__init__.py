"""From a submission to a score: graders by kind, and what they have in common."""
