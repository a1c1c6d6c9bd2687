python fit.py echo=false rate=0.1 epochs=5 squares=false
