"""Runs in a sandbox: what is in the table that job.json names, and how it has to be read, into table.json.

How a text file is read is found out once, here, and written down as the call of pandas that does it, so that whoever
is to read the file gets the same table.
"""

import bz2
import csv
import gzip
import json
import lzma
import os
import re
import sys
from collections import Counter
from typing import IO, Any

import pandas as pd

from synthgym.synthesis.tables.json_layout import ORIENT_NOTES, orient_of
from synthgym.synthesis.tables.text_encoding import Encoding, NotText, encoding_of
from synthgym.synthesis.tables.text_layout import BLANKS, Layout, NotATable, layout_of
from synthgym.synthesis.tables.text_numbers import (
    are_numbers,
    is_doubtful,
    is_number,
    number_format,
    other_format,
    plain_number,
)

MOST_CHARACTERS = 160
EXAMPLES, CLASSES = 6, 20
ROWS = 4
MOST_BYTES = 1 << 29
SAMPLE = 1 << 20
MOST_PARSED = 1 << 26
"""Bytes of a document of JSON; as Python's objects it takes twenty times its room."""
ORIENTS = ("split", "table", "index")
"""Layouts of JSON that pandas has to be told."""
IN_PIECES = 1 << 17
"""Bytes of a file from which pandas would read it in pieces, and take each piece's columns as they come."""
PACKED = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
WORDS = ("NA", "N/A", "n/a", "NULL", "null", "None")
"""What pandas takes for a missing value wherever it stands, and may as well be a word."""
MISSING = (
    *("", "NaN", "nan", "-NaN", "-nan", "<NA>", "#NA", "#N/A", "#N/A N/A"),
    *("1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"),
)
"""What else it takes for one; no text is any of these."""
STAND_INS = ("?", "-", "--", ".", "*")
"""What people write for a missing number, and pandas does not know."""
TOTAL = re.compile(
    r"(?:grand |sub-?|over)?(?:totals?|all)|sums?|averages?|means?|(?:gesamt)?summe|(?:ins)?gesamt|durchschnitt|"
    r"mittelwert|total général|somme|moyenne|totale|media|suma|razem|итого|всего|合計|合计|总计|Σ",
    re.IGNORECASE,
)
NOTE = re.compile(
    r"(?:sources?|notes?|remarks?|quellen?|anmerkung(?:en)?|hinweis|nota|fuente|fonte)\b|[*©†]", re.IGNORECASE
)
"""What the first cell of a row below a table says, of a total and of a remark."""
MOST_BELOW = 20
EXACT = 1 << 53
"""Beyond it a number with a point does not hold every whole one."""
LONG = re.compile("[+-]?[0-9]{16,}")
NUMBERS = {"decimal": "the decimal mark is a comma", "thousands": "thousands are set apart"}
"""Option of pandas → what it says of the table."""


class Found:
    """A table, and how it was read.

    Attributes:
        frame: The table.
        call: The call of pandas that gives it, of a `path`.
        understood: What was found out, in a few words each.
    """

    def __init__(self, frame: Any, call: str, understood: list[str]) -> None:
        self.frame, self.call, self.understood = frame, call, understood


def read_any(path: str, bare: list[Any] | None) -> Found:
    """A table by the ending of its name; `bare`: lines to skip and separator, of one without a header."""
    name, packing = os.path.splitext(path.lower())
    if packing not in PACKED:
        name = path.lower()
    if name.endswith(".parquet"):
        return Found(pd.read_parquet(path), "pd.read_parquet(path)", ["Parquet"])
    if bare is not None:
        return read_csv(path, {"header": None, "skiprows": bare[0], "sep": bare[1]}, [])
    data = bytes_of(path, packing)
    encoding = encoding_of(data)
    if name.endswith((".json", ".jsonl", ".ndjson")):
        return read_json(path, data, encoding, name.endswith(".json"))
    return read_text(path, data, encoding, blanks=not name.endswith((".csv", ".tsv", ".tab")))


def bytes_of(path: str, packing: str) -> bytes:
    """All of a file, unpacked."""
    opened: Any = PACKED.get(packing, open)
    file: IO[bytes]
    with opened(path, "rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise NotText(f"holds more than {MOST_BYTES >> 20} MiB")
    return data


def read_json(path: str, data: bytes, encoding: Encoding, one: bool) -> Found:
    """A document of JSON, or one in each line."""
    options: dict[str, Any] = {} if encoding.name == "utf-8" else {"encoding": encoding.name}
    orient = orient_in(data, encoding, one)
    try:
        if not one:
            raise ValueError("the name says that there is one in each line")
        if orient in ORIENTS:
            options["orient"] = orient
        frame = pd.read_json(path, **options)
    except ValueError:
        options.pop("orient", None)
        options["lines"] = True
        orient = "values" if orient in ("records", "values") else ""
        frame = pd.read_json(path, **options)
    understood = ["JSON lines" if "lines" in options else "JSON", *encoding_notes(encoding)]
    if orient in ORIENT_NOTES:
        understood.append(ORIENT_NOTES[orient])
    if orient == "table":  # which says itself of what type its columns are
        return Found(frame, call_of("read_json", options), understood)
    written = pd.read_json(path, dtype=False, **options)
    codes, long = codes_of(written), long_of(written, frame, "")
    if codes or long:
        options["dtype"] = dict.fromkeys([*codes, *long], "object")
        frame = pd.read_json(path, **options)
    understood += text_notes(codes, long)
    if rounded := [name for name in written if is_float(written[name]) and (written[name].abs() >= EXACT).any()]:
        understood.append(f"whole numbers of 16 digits and more may be rounded, if they are no text: {listed(rounded)}")
    return Found(frame, call_of("read_json", options), understood)


def orient_in(data: bytes, encoding: Encoding, one: bool) -> str:
    """How a document of JSON is laid out, or what is in each line; of what is large that is not found out."""
    head = data[:SAMPLE].decode(encoding.name, "ignore").lstrip()
    if head.startswith("["):
        return "values" if not one or head[1:].lstrip().startswith("[") else "records"
    if not one or len(data) > MOST_PARSED:
        return ""
    try:
        return orient_of(json.loads(data.decode(encoding.name, "replace"), strict=False))
    except (ValueError, RecursionError):
        return ""


def read_text(path: str, data: bytes, encoding: Encoding, blanks: bool) -> Found:
    """A table of text, as it is laid out."""
    if not data.strip():
        raise pd.errors.EmptyDataError("there is nothing in it")
    layout = layout_of(data[:SAMPLE].decode(encoding.name, "ignore"), whole=len(data) <= SAMPLE, blanks=blanks)
    options = options_of(encoding, layout)
    if len(data) > IN_PIECES:
        options["low_memory"] = False
    raw = pd.read_csv(path, dtype=str, keep_default_na=False, **options).fillna("")
    understood = [*encoding_notes(encoding), *layout_notes(layout)]
    if below := rows_below(raw) if not layout.ends else 0:
        said = ", ".join(dict.fromkeys(text(cell) for row in raw.to_numpy()[-below:] for cell in row if cell.strip()))
        understood.append(f"left out below the table: {text(said) or 'empty rows'} ({below} rows)")
        raw = raw.iloc[:-below]
        options["nrows"] = len(raw)
    if empty := int((raw == "").all(axis=1).sum()) if raw.shape[1] > 1 else 0:
        understood.append(f"{empty} rows are empty")
    numbers = numbers_of(raw, layout.delimiter)
    if codes := codes_of(raw):
        numbers["dtype"] = numbers.get("dtype", {}) | dict.fromkeys(codes, "str")
    understood += doubt_notes(raw, layout.delimiter)
    options |= numbers
    if not numbers.get("thousands", "").isascii():
        options["engine"] = "python"  # the other one takes a single byte
        options.pop("low_memory", None)
    options |= missing_of(raw, pd.read_csv(path, **options), numbers)
    found = read_csv(path, options, [*understood, *(NUMBERS[each] for each in NUMBERS if each in numbers)])
    if long := long_of(raw, found.frame, numbers.get("thousands", "")):
        options["dtype"] = numbers.get("dtype", {}) | dict.fromkeys(long, "str")
        found = read_csv(path, options, found.understood)
    found.understood += text_notes(codes, long)
    names = [str(name) for name in found.frame.columns]
    plain = [name.strip() for name in names]
    if layout.header and names != plain and len(set(plain)) == len(plain):
        found.frame = found.frame.rename(columns=str.strip)
        found.call += ".rename(columns=str.strip)"
        found.understood.append("blanks around the columns' names are left out")
    missing = {mark for marks in options.get("na_values", {}).values() for mark in marks}
    found.understood += [f"{mark!r} is a missing number" for mark in STAND_INS if mark in missing]
    if short := sum(len(row) < len(layout.rows[0]) for row in layout.rows):
        found.understood.append(f"{short} of the first {len(layout.rows)} rows lack cells at their end")
    return found


def read_csv(path: str, options: dict[str, Any], understood: list[str]) -> Found:
    """The table under these options."""
    return Found(pd.read_csv(path, **options), call_of("read_csv", options), understood)


def call_of(function: str, options: dict[str, Any]) -> str:
    """The call as it is written in a program."""
    return f"pd.{function}({', '.join(['path', *(f'{name}={value!r}' for name, value in options.items())])})"


def options_of(encoding: Encoding, layout: Layout) -> dict[str, Any]:
    """What pandas has to be told, as far as that is not what it takes for granted."""
    options: dict[str, Any] = {}
    if encoding.name != "utf-8":
        options["encoding"] = encoding.name
    if encoding.broken:
        options["encoding_errors"] = "replace"
    if layout.delimiter != ",":
        options["sep"] = layout.delimiter
    if layout.quoting == "escaped":
        options["escapechar"] = "\\"
    if layout.quoting == "none":
        options["quoting"] = csv.QUOTE_NONE
    if layout.units:
        options["skiprows"] = [*range(layout.skip), layout.skip + 1]
    elif layout.skip:
        options["skiprows"] = layout.skip
    if not layout.header:
        options["header"] = None
    if layout.padded:
        options["skipinitialspace"] = True
    if layout.ends == "cell":
        options["index_col"] = False
    return options


def encoding_notes(encoding: Encoding) -> list[str]:
    """What a reader should know of the encoding."""
    if encoding.broken:
        return [f"encoding {encoding.name}, but for {encoding.broken} characters"]
    if encoding.guessed:
        return [f"encoding {encoding.name} (a guess; if it is wrong, save the file as UTF-8)"]
    return [] if encoding.name.startswith("utf-8") else [f"encoding {encoding.name}"]


def layout_notes(layout: Layout) -> list[str]:
    """What a reader should know of the layout."""
    words = []
    if layout.delimiter != ",":
        words.append(
            "blanks are between cells" if layout.delimiter == BLANKS else f"{layout.delimiter!r} is between cells"
        )
    if layout.quoting == "none":
        words.append("quotes are ordinary signs")
    if layout.skip:
        words.append(f"the table begins in line {layout.skip + 1}")
    if layout.units:
        said = ", ".join(dict.fromkeys(cell for cell in layout.units if cell.strip()))
        words.append(f"left out below the header: {text(said)} (a row of units)")
    if not layout.header:
        words.append("no header: columns are numbered from 0")
    if layout.ends == "name":
        words.append("the first cell of a row is its name, not a column")
    names = Counter(layout.rows[0] if layout.header else ())
    words += [
        f"{count} columns are called {text(name)!r}: the others are {', '.join(f'{name}.{n}' for n in range(1, count))}"
        for name, count in names.items()
        if count > 1 and name.strip()
    ]
    if unnamed := sum(count for name, count in names.items() if not name.strip()):
        words.append(f"{unnamed} columns have no name: pandas calls them 'Unnamed: ' and their number, from 0")
    return words


def rows_below(raw: Any) -> int:
    """How many rows at the end of a table that was read as text are none of its own: totals, remarks, empty ones."""
    rows, width = raw.to_numpy(), raw.shape[1]
    if width < 2:
        return 0
    above = [cell for cell in rows[: (len(rows) + 1) // 2, 0] if cell.strip()]
    counted = bool(above) and all(is_number(cell.strip()) for cell in above)
    seen = set(rows[:-MOST_BELOW, 0]) | set(above)
    below = 0
    while below < min(MOST_BELOW, len(rows) - 1):
        row = [cell.strip() for cell in rows[-1 - below]]
        first = row[0].rstrip(" :")
        alone = bool(first) and not any(row[1:])
        remark = alone and (bool(NOTE.match(first)) or (counted and not is_number(first)))
        total = bool(TOTAL.fullmatch(first)) and row[0] not in seen
        if any(row) and not remark and not total:
            break
        below += 1
    return below


def codes_of(written: Any) -> list[Any]:
    """Columns, as they are written, of digits that begin with a zero: names (00012), which as numbers are others.

    With an E among the digits (003E4) they are names too: nobody writes a number so.
    """
    found = []
    for at, name in enumerate(written.columns):
        cells = written.iloc[:, at].dropna()
        if len(cells) and all(isinstance(cell, str) for cell in cells):
            cells = cells.str.strip()
            cells = cells[~cells.isin((*MISSING, *WORDS, *STAND_INS))]
            if len(cells) and cells.str.fullmatch("[0-9]+(?:[eE][0-9]+)?").all() and cells.str.match("0[0-9]").any():
                found.append(name)
    return found


def long_of(written: Any, frame: Any, thousands: str) -> list[Any]:
    """Columns that were read as numbers with a point, and have whole ones that such a number cannot hold."""

    def is_torn(cell: object) -> bool:
        digits = cell.strip().replace(thousands, "") if isinstance(cell, str) else ""
        return bool(LONG.fullmatch(digits)) and int(float(digits)) != int(digits)

    found = []
    for at, name in enumerate(frame.columns):
        cells = written.iloc[:, at]
        if is_float(frame.iloc[:, at]) and not is_numeric(cells) and any(map(is_torn, cells[cells.str.len() > 15])):
            found.append(name)
    return found


def text_notes(codes: list[Any], long: list[Any]) -> list[str]:
    """What a reader should know of columns that could be numbers, and are text."""
    said = {"digits that begin with 0 are text": codes, "digits too long for a number with a point are text": long}
    return [f"{what}: {listed(names)}" for what, names in said.items() if names]


def listed(names: list[Any]) -> str:
    """Names of columns."""
    return ", ".join(text(repr(name)) for name in names)


def is_float(values: Any) -> bool:
    """Whether a column is one of numbers with a point."""
    return bool(pd.api.types.is_float_dtype(values))


def is_numeric(values: Any) -> bool:
    """Whether a column is one of numbers."""
    return bool(pd.api.types.is_numeric_dtype(values))


def uniques(values: Any, most: int = 2000) -> list[str]:
    """Values of a column of text, without what stands for a missing one."""
    found = [str(value).strip() for value in values.dropna().drop_duplicates().head(most)]
    return [value for value in found if value not in (*MISSING, *WORDS, *STAND_INS)]


def numbers_of(raw: Any, delimiter: str) -> dict[str, Any]:
    """How numbers are written in a table that was read as text, as pandas has to be told."""
    columns = [uniques(raw.iloc[:, at]) for at in range(raw.shape[1])]
    decimal, thousands = number_format(columns, delimiter)
    options: dict[str, Any] = {"decimal": decimal} if decimal != "." else {}
    if thousands:
        options["thousands"] = thousands
        others = {name: cells for name, cells in zip(raw.columns, columns, strict=True) if cells}
        # Without what is between thousands a date would be a number: 12.05.2020.
        words = [
            name
            for name, cells in others.items()
            if not are_numbers(cells, decimal, thousands)
            and all(is_number(cell.replace(thousands, "")) for cell in cells)
        ]
        options |= {"dtype": dict.fromkeys(words, "str")} if words else {}
    return options


def doubt_notes(raw: Any, delimiter: str) -> list[str]:
    """What a reader should know of numbers (1.080) that may as well be others, for all that the table says."""
    columns = {name: uniques(raw.iloc[:, at]) for at, name in enumerate(raw.columns)}
    other = other_format(columns.values(), delimiter)
    names = [name for name, cells in columns.items() if is_doubtful(cells)]
    if not other or not names:
        return []
    form = number_format(columns.values(), delimiter)
    cell = next(cell for cell in columns[names[0]] if "." in cell or "," in cell)
    read, otherwise = (pd.to_numeric(plain_number(cell, *each)) for each in (form, other))
    return [f"{cell} is read as {read}, and may be {otherwise}: {listed(names)}"]


def missing_of(raw: Any, typed: Any, numbers: dict[str, Any]) -> dict[str, Any]:
    """What stands for a missing value, where pandas would take it for one by mistake, or would not.

    Args:
        raw: The table as text.
        typed: The table as pandas reads it by itself.
        numbers: How numbers are written.
    """
    values: dict[Any, list[str]] = {}
    worded = False
    form = numbers.get("decimal", "."), numbers.get("thousands", "")
    for at, name in enumerate(typed.columns):
        cells, column = raw.iloc[:, at], typed.iloc[:, at]
        present = column.dropna()
        marks: tuple[str, ...] = MISSING
        if not len(present) or is_numeric(column) or all(isinstance(value, bool) for value in present):
            marks += WORDS
        elif cells.isin((*STAND_INS, *WORDS)).any() and are_numbers(uniques(cells), *form):
            marks += (*WORDS, *STAND_INS)
        else:
            worded |= bool(cells.isin(WORDS).any())
        if found := [mark for mark in marks if bool((cells == mark).any())]:
            values[name] = found
    if worded:
        return {"keep_default_na": False, **({"na_values": values} if values else {})}
    unknown = {name: found for name, found in values.items() if not {*found}.isdisjoint(STAND_INS)}
    return {"na_values": unknown} if unknown else {}


def text(value: object) -> str:
    """A cell, not too long."""
    shown = repr(value) if isinstance(value, (list, dict, bytes)) else str(value)
    return shown if len(shown) <= MOST_CHARACTERS else shown[: MOST_CHARACTERS - 1] + "…"


def describe(path: str, bare: list[Any] | None) -> dict[str, object]:
    """One file."""
    found = read_any(path, bare)
    table = found.frame
    columns = []
    for at, name in enumerate(table.columns):
        values = table.iloc[:, at]
        kind = str(values.dtype)
        present = values.dropna()
        keys = (
            present if kind != "object" else present.map(lambda value: value if isinstance(value, str) else repr(value))
        )
        examples = keys.drop_duplicates()
        words = [word for word in WORDS if kind in ("object", "str", "string") and bool((examples == word).any())]
        found.understood += [f"{word} in {str(name)!r} is a value, not a missing one" for word in words]
        examples = examples.head(CLASSES if len(examples) <= CLASSES else EXAMPLES)
        column: dict[str, object] = {
            "name": str(name),
            "type": kind,
            "distinct": int(keys.nunique()),
            "missing": int(values.isna().sum()),
            "examples": [text(value) for value in examples],
            "words": words,
        }
        if is_numeric(values) and kind != "bool" and len(present):
            column["low"], column["high"] = float(present.min()), float(present.max())
        columns.append(column)
    head = [[text(value) for value in row] for row in table.head(ROWS).itertuples(index=False)]
    return {
        "file": os.path.basename(path),
        "rows": len(table),
        "columns": columns,
        "head": head,
        "call": found.call,
        "understood": found.understood,
    }


def main() -> None:
    """What job.json asks for."""
    csv.field_size_limit(sys.maxsize)
    with open("job.json") as file:
        job = json.load(file)
    try:
        found = describe(os.path.join(os.environ["SOURCE"], job["file"]), job["bare"])
    except (NotText, NotATable) as error:
        sys.exit(str(error))
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {' '.join(str(error).split())[:300]}")
    with open("table.json", "w") as file:
        json.dump(found, file)


if __name__ == "__main__":
    main()
