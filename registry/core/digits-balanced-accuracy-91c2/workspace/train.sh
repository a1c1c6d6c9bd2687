python run.py iterations=8 rate=0.1 add_squares=false decimals=6
