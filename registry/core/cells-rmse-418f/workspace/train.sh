python run.py use_columns=1 penalty=3.0 cross=false order=1
