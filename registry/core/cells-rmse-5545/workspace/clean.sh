rm -rf __pycache__
