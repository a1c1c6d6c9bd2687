python start.py column_limit=1 radius=20.0
