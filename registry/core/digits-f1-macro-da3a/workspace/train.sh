python start.py iterations=8 step_size=0.1 add_squares=false max_columns=1
