python train.py max_columns=2 learning_rate=0.002 squares=false iterations=80
