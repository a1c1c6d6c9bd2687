python train.py penalty=3.0 n_features=60 rescale=false decimals=8
