python fit.py max_columns=1 iterations=80 learning_rate=0.0005
