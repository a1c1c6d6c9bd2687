python baseline.py interactions=true column_limit=1 penalty=20000.0 powers=2
