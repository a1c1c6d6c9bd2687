python run.py step_size=0.1 rounds=3 levels=4 verbose=false
