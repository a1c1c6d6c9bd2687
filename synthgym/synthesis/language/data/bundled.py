"""The catalogue of data sets that come with scikit-learn."""

from __future__ import annotations

from collections.abc import Iterable

from synthgym.registry.challenge import Dataset
from synthgym.registry.data import fetch
from synthgym.synthesis.language.data.source import Offer, Source, folder_for_sandboxes, read_tables_once
from synthgym.synthesis.run import SynthesisRun

_BUNDLED = {
    "digits": (["digits.csv.gz"], (0, ","), "grey values of 8 × 8 pixels of handwritten digits, then the digit"),
    "breast_cancer": (
        ["breast_cancer.csv"],
        (1, ","),
        "30 measures of cell nuclei, then 0 for malignant or 1 for benign",
    ),
    "diabetes": (
        ["diabetes_data_raw.csv.gz", "diabetes_target.csv.gz"],
        (0, r"\s+"),
        "age, sex, body mass index, blood pressure and six blood serum measures; in the second file, row by row, how "
        "far the disease had come a year later",
    ),
}
"""Name → files, lines above the first row and separator, what the columns are. Those with enough rows."""


class BundledCatalogue:
    """Data sets that come with scikit-learn; see `synthgym.synthesis.language.data.source.Catalogue`."""

    def __init__(self, run: SynthesisRun) -> None:
        self.run = run

    def offers(self) -> list[Offer]:
        """The data sets that are large enough."""
        return [Offer(name, f"from scikit-learn: {about}") for name, (_, _, about) in _BUNDLED.items()]

    def notes_for_user(self) -> Iterable[str]:
        """Nothing: everybody has them."""
        return ()

    def search(self, words: str, slot: str) -> list[Offer]:
        """All there is."""
        return self.offers()

    def open(self, name: str, config: str | None) -> Source | None:
        """See `Catalogue`."""
        if name not in _BUNDLED:
            return None
        files, bare, about = _BUNDLED[name]
        dataset = Dataset(source="sklearn", path=name, files=files, licence="BSD-3-Clause")
        if f"tables/sklearn/{name}" in self.run.journal:
            tables = read_tables_once(None, {}, self.run, f"sklearn/{name}")
        else:
            with folder_for_sandboxes() as folder:
                fetch(dataset, folder, folder / "files", name)
                tables = read_tables_once(folder / "files", dict.fromkeys(files, bare), self.run, f"sklearn/{name}")
        skip, between = bare
        note = f"No header. {'Skip the first line. ' if skip else ''}Cells are parted by {between!r}. Columns: {about}."
        return Source(dataset, tuple(table.model_copy(update={"note": note}) for table in tables))
