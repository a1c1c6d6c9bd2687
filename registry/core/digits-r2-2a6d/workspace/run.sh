python fit.py nearest=9 scale=false echo=false
