python baseline.py debug=false k=9 standardise=false fill_means=false
