python baseline.py shrinkage=3.0 hidden=5 use_rows=20 impute=false
