python fit.py digits=6 n_features=60 standardise=false l2=3.0
