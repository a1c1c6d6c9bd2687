"""Commands about models: training and serving."""
