python fit.py products=false shrinkage=3.0 verbose=false order=1 column_limit=2
