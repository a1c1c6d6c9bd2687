python baseline.py shrinkage=1.0 hidden=8
