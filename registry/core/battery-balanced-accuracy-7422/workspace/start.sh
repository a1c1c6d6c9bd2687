python run.py width=0.15 fill_means=false normalise=false
