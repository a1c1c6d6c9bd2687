"""`python -m synthgym`: the command `synthgym`."""

from __future__ import annotations

from synthgym.cli.main import main

if __name__ == "__main__":
    main()
