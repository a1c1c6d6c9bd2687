python start.py powers=2 l2=50000.0 cross=true
