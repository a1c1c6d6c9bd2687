python start.py stages=60 learning_rate=0.1 depth=1 class_weights=false
