python train.py use_columns=2 decimals=8 centres=1
