import csv
import sys

for row in list(csv.reader(open(sys.argv[1])))[:5]:
    print(row)
