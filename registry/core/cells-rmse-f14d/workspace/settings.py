debug = False
products = False
degree = 2
ridge = 100000.0
column_limit = 2
