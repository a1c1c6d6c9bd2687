"""MLGym's tasks as environments: their evaluators, run where nobody can fool them."""
