python start.py hidden=5 width=0.25 shrinkage=50000.0
