head -n 3 "$1"
