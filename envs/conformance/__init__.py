"""What every sandbox has to do, as checks that an installation can make of any backend: `synthgym doctor --sandbox`."""
