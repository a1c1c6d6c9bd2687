"""Episodes of the policy: drawn by a curriculum, played in groups, rewarded."""
