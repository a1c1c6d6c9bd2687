python run.py thresholds=1 stages=3 step_size=0.1
