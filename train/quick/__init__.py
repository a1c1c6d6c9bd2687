"""Trainings with all of their parts set, for `synthgym quickstart`: of the small student, and of a pretrained one."""
