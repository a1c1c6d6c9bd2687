"""Data sets that come with scikit-learn, as data to make challenges of."""

from __future__ import annotations

from collections.abc import Iterable

from synthgym.registry.challenge import Dataset
from synthgym.registry.data import fetch
from synthgym.synthesis.bench import Bench
from synthgym.synthesis.language.data.source import Offer, Source, look, shown

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
    """Data sets that come with scikit-learn."""

    def offers(self, bench: Bench) -> list[Offer]:
        """The data sets that are large enough."""
        return [Offer(name, f"from scikit-learn: {about}") for name, (_, _, about) in _BUNDLED.items()]

    def told(self, bench: Bench) -> Iterable[str]:
        """Nothing: everybody has them."""
        return ()

    def near(self, words: str, bench: Bench, slot: str) -> list[Offer]:
        """All there is."""
        return self.offers(bench)

    def open(self, name: str, config: str | None, bench: Bench) -> Source | None:
        """See `Catalogue`."""
        if name not in _BUNDLED:
            return None
        files, bare, about = _BUNDLED[name]
        dataset = Dataset(source="sklearn", path=name, files=files, licence="BSD-3-Clause")
        if f"tables/sklearn/{name}" in bench.journal:
            tables = look(None, {}, bench, f"sklearn/{name}")
        else:
            with shown() as folder:
                fetch(dataset, folder, folder / "files", name)
                tables = look(folder / "files", dict.fromkeys(files, bare), bench, f"sklearn/{name}")
        skip, between = bare
        note = f"No header. {'Skip the first line. ' if skip else ''}Cells are parted by {between!r}. Columns: {about}."
        return Source(dataset, tuple(table.model_copy(update={"note": note}) for table in tables))
