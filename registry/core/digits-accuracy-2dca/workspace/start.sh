python baseline.py column_limit=2 bandwidth=30.0
