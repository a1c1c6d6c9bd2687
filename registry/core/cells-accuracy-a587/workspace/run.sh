python run.py use_columns=2 buckets=12 rate=0.0005 stages=60
