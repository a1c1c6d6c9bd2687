python start.py learning_rate=0.1 rounds=1 log_target=false digits=6 cuts=8
