"""Read and validate the tables in `data/`.

The tables are described by `data/datapackage.json` (Frictionless Table Schema). Nothing is handed out before every
table has passed: a half-valid package gives one `DataError` that lists what is wrong and what was expected.
"""

import csv
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

DATA = Path(__file__).resolve().parent.parent / "data"


class DataError(ValueError):
    """The data package is not valid; the message has one line for each problem."""


def load(table: str, folder: Path = DATA) -> pd.DataFrame:
    """Return one table of the course's data, after the whole package has been validated.

    Parameters
    ----------
    table : str
        Name of the table, such as ``"statement_claims"``: the file name without ``.csv``.
    folder : Path, optional
        Folder that holds ``datapackage.json``.

    Returns
    -------
    pandas.DataFrame
        One row for each row of the file, columns in the order of the schema. Dates are ``datetime64``, whole
        numbers ``Int64``, other numbers ``float64``, yes/no columns ``bool``; an empty text cell is ``""``.

    Raises
    ------
    DataError
        If any table of the package is invalid, or there is no table of that name.

    Examples
    --------
    >>> load("provisions").loc[0, "deadline"]
    '00:00 Moscow time, 10 November 2020'
    """
    frames = load_all(folder)
    if table not in frames:
        raise DataError(f"There is no table {table!r} in {folder}: choose one of {', '.join(sorted(frames))}.")
    return frames[table].copy()


@lru_cache(maxsize=4)
def load_all(folder: Path = DATA) -> dict[str, pd.DataFrame]:
    """Validate the package in `folder` and return all its tables by name; see `load` for types and errors."""
    if problems := list(validate(folder)):
        raise DataError("\n".join(problems))
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return {Path(r["path"]).stem: _typed(folder / r["path"], r["schema"]["fields"]) for r in package["resources"]}


def validate(folder: Path = DATA) -> Iterator[str]:
    """Yield one sentence for each problem of the data package in `folder`.

    A problem that only follows from another one (a reference into a table that is itself broken) is left out.
    """
    # Imported here: the library takes a second to load, and most callers only read the package once.
    from frictionless import FrictionlessException, Package

    descriptor = folder / "datapackage.json"
    try:
        package = Package(str(descriptor))
    except FrictionlessException as error:
        yield f"datapackage.json: expected a description of the data package, but {error.error.note}."
        return
    missing = [path for r in package.resources if not (folder / (path := r.path)).is_file()]
    yield from (f"{path}: the file is missing; expected it in {folder}, as datapackage.json says." for path in missing)
    if missing:
        return
    report = package.validate()
    broken = {task.name for task in report.tasks if any(e.type != "foreign-key" for e in task.errors)}
    for error in report.errors:
        yield f"{descriptor.name}: {error.message}"
    for task in report.tasks:
        schema = package.get_resource(task.name).schema.to_descriptor()
        seen: set[tuple[int, str]] = set()
        for error in task.errors:
            if error.type == "foreign-key" and error.reference_name in broken:
                continue
            line, key = _explain(error, schema, package)
            if key not in seen and not (error.type == "primary-key" and any(row == key[0] for row, _ in seen)):
                seen.add(key)
                yield f"{task.place}, {line}"
            if "#header" in error.tags:
                break  # every later row of a table with a wrong header is wrong too


def unexplained_gaps(folder: Path = DATA) -> Iterator[str]:
    """Yield one sentence for each source or party that a table leaves out without a reason in `gaps.csv`.

    A table says in its description (`covers`) whose rows have to occur in one of its columns; a reason for somebody
    who does occur is out of date and reported too.
    """
    frames = load_all(folder)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    reasons = {(g.table, g.column, g.value) for g in frames["gaps"].itertuples()}
    for resource in package["resources"]:
        table = Path(resource["path"]).stem
        for column, wanted in resource.get("covers", {}).items():
            universe = frames[wanted["table"]]
            if kinds := wanted.get("kind"):
                universe = universe[universe.kind.isin(kinds)]
            present = set(frames[table][column])
            for value in universe.iloc[:, 0]:
                if (explained := (table, column, value) in reasons) == (value in present):
                    place = f"{table}.csv, column {column}"
                    if explained:
                        yield f"gaps.csv: {value} has rows in {place}; delete its reason."
                    else:
                        yield f"{place}: nothing for {value}; expected a row, or the reason in gaps.csv."


def _explain(error: Any, schema: dict, package: Any) -> tuple[str, tuple[int, str]]:  # noqa: ANN401
    """Say in one sentence where a Frictionless error is, what stands there and what was expected."""
    fields = {f["name"]: f for f in schema["fields"]}
    if "#header" in error.tags:
        return _explain_header(error.labels, list(fields)), (1, "")
    row = getattr(error, "row_number", 0)
    column = getattr(error, "field_name", "") or ""
    value = getattr(error, "cell", "")
    match error.type:
        case "foreign-key":
            column, value, expected = _explain_reference(error, package)
        case "primary-key":
            keys = schema["primaryKey"]
            column = " and ".join(keys)
            value = ", ".join(str(error.cells[list(fields).index(k)]) for k in keys)
            expected = f"a key that no other row has: this one is {_row_words(error.note)}"
        case "unique-error":
            expected = f"a value that no other row has: this one is {_row_words(error.note)}"
        case "extra-cell":
            column, expected = "after the last one", f"{len(fields)} cells; does a comma stand outside quotation marks?"
        case "missing-cell":
            expected = f"{len(fields)} cells in this row"
        case "type-error" | "constraint-error":
            expected = _expected(fields[column], value)
        case _:
            return f"row {row}: {error.message}.", (row, column)
    return f"row {row}, column {column}: found {value!r}, expected {expected}.", (row, column)


def _row_words(note: str) -> str:
    return note.replace("the row at position", "row")


def _explain_header(labels: list[str], expected: list[str]) -> str:
    missing = [c for c in expected if c not in labels]
    extra = [c for c in labels if c not in expected]
    if missing:
        found = f"found {extra!r} instead" if extra else "it is not there"
        return f"row 1, column {missing[0]}: {found}, expected the columns {', '.join(expected)}."
    if extra:
        return (
            f"row 1, column {extra[0]}: found a column that the schema does not have, expected {', '.join(expected)}."
        )
    return f"row 1: found the columns in another order, expected {', '.join(expected)}."


def _explain_reference(error: Any, package: Any) -> tuple[str, str, str]:  # noqa: ANN401
    """Find the first part of a broken reference that does not exist, and say what exists."""
    target = package.get_resource(error.reference_name)
    with (Path(package.basepath or ".") / target.path).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for column, name, value in zip(error.field_names, error.reference_field_names, error.field_cells, strict=True):
        known = list(dict.fromkeys(row[name] for row in rows))
        if value not in known:
            shown = ", ".join(known) if len(known) < 13 else f"{known[0]}, {known[1]}, … {known[-1]}"
            return column, value, f"a {name} of {target.path}: {shown}"
        rows = [row for row in rows if row[name] == value]
    return " and ".join(error.field_names), ", ".join(error.field_cells), f"a row of {target.path}"


def _expected(field: dict, value: str) -> str:
    """Say in words what a field takes."""
    limits = field.get("constraints", {})
    if value == "" and limits.get("required"):
        return f"a value ({field['description']})"
    match field["type"]:
        case "date":
            kind = "a date such as 2020-11-10"
        case "integer":
            kind = "a whole number"
        case "number":
            kind = "a number"
        case "boolean":
            kind = "yes or no"
        case _ if field.get("format") == "uri":
            kind = "an address that begins with https://"
        case _ if "enum" in limits:
            kind = "one of " + ", ".join(limits["enum"])
        case _ if "pattern" in limits:
            kind = f"text of the form {limits['pattern']}"
        case _:
            kind = "text"
    bounds = [f"{word} {limits[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in limits]
    return " ".join([kind, *bounds])


def _typed(path: Path, fields: list[dict]) -> pd.DataFrame:
    """Read a file that has been validated into a frame with the types of its schema."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    for field in fields:
        name, column = field["name"], frame[field["name"]]
        match field["type"]:
            case "date":
                frame[name] = pd.to_datetime(column.where(column != ""))
            case "integer":
                frame[name] = pd.to_numeric(column.where(column != "")).astype("Int64")
            case "number":
                frame[name] = pd.to_numeric(column.where(column != ""))
            case "boolean":
                frame[name] = column.isin(field["trueValues"])
    return frame
