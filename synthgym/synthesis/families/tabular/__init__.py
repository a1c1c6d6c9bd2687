"""Tables: classification and regression on bundled and on generated ones."""
