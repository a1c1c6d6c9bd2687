"""Collections as tasks of MLGym's."""
