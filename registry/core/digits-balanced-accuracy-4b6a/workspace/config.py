"""Settings of the baseline."""
use_columns = 2
echo = False
smoothing = 300.0
