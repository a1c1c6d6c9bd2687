"""The `prepare.py` of a task of MLGym's: unpacks its data, or runs the script that makes it, and hides the answers.

Runs in a sandbox, without synthgym.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

# A script that was written for pandas 2 may say `drop(columns=…, axis=1)`, which pandas 3 refuses.
RUN = """
import runpy, sys
try:
    import pandas
    drop = pandas.DataFrame.drop
    pandas.DataFrame.drop = lambda self, *given, **named: drop(
        self, *given, **{name: value for name, value in named.items() if name != "axis" or "columns" not in named}
    )
except ImportError:
    pass
runpy.run_path(sys.argv[1], run_name="__main__")
"""

source, public, private = (Path(os.environ[name]) for name in ("SOURCE", "PUBLIC", "PRIVATE"))
layout = json.loads((source / "layout.json").read_text())  # noqa: TID251 - runs in a sandbox
unpacked = Path("unpacked").absolute()
with tarfile.open(source / "data.tar") as archive:
    if hasattr(tarfile, "data_filter"):
        archive.extractall(unpacked, filter="data")
    else:
        archive.extractall(unpacked)
if layout["script"]:
    script = unpacked / layout["script"]
    subprocess.run([sys.executable, "-c", RUN, script.name], cwd=script.parent, check=True)
data = unpacked / "data"
for path in sorted(data.iterdir()) if data.is_dir() else ():
    shutil.move(path, (private if path.name in layout["hidden"] else public) / path.name)
for path in sorted((unpacked / "private").iterdir()) if (unpacked / "private").is_dir() else ():
    shutil.move(path, private / path.name)
absent = [name for name in layout["hidden"] if not (private / name).exists()]
if absent:
    raise SystemExit(f"the evaluator reads files that are not among the data: {', '.join(absent)}")
