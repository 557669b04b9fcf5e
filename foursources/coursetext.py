"""Walk through all the prose of the course, paragraph by paragraph, wherever it stands."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from foursources import naming, provenance
from foursources.data import DATA, load, load_all

ROOT = DATA.parent
ROOMS = ("book", "data", "exercises", "foursources")
"""Folders whose file names follow the naming policy too."""


class Paragraph(NamedTuple):
    """A paragraph of course text and where it stands: file and place in it, such as ``cell 4``."""

    where: str
    text: str


def paragraphs(root: Path = ROOT) -> Iterator[Paragraph]:
    """Yield every paragraph of chapters, pages, questions and project documents.

    A paragraph is a block of Markdown, a list item, a table row, a text in a question, or a block of code.
    """
    for path in sorted([*root.glob("*.md"), *(root / "book").rglob("*.md")]):
        yield from _located(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    for path in sorted([*(root / "book").rglob("*.ipynb"), *(root / "exercises").rglob("*.ipynb")]):
        if "checkpoint" in path.name:
            continue
        for n, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], 1):
            yield from _blocks(f"{path.relative_to(root).as_posix()}, cell {n}", "".join(cell["source"]))
    for path in sorted((root / "exercises" / "questions").glob("*.yml")):
        for question in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
            for text in _strings(question):
                yield from _blocks(f"{path.relative_to(root).as_posix()}, question {question.get('id')}", text)


def _located(where: str, text: str) -> Iterator[Paragraph]:
    """Yield the blocks of a page; under a heading that is a locator, each ends with the link to that locator."""
    link = ""
    for block in _blocks(where, text):
        if block.text.startswith("#"):
            heading = re.fullmatch(r"#+ ([a-z]+-\d{4}) (abs|P\d+|fn\d+)", block.text)
            link = f" [{heading[0]}](sources.md#{heading[1]}-{heading[2].lower()})" if heading else ""
        else:
            yield Paragraph(block.where, block.text + link)


def _blocks(where: str, text: str) -> Iterator[Paragraph]:
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.)\s)", text):
        if block.strip():
            yield Paragraph(where, " ".join(block.split()))


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for v in value.values():
                yield from _strings(v)
        case list():
            for v in value:
                yield from _strings(v)


def check(root: Path = ROOT) -> Iterator[str]:
    """Yield each violation of the rules on quotation, copying and naming, in course text and in the data's tables."""
    for where, text in paragraphs(root):
        yield from (f"{where}: {problem}." for problem in provenance.problems_of_prose(text))
        yield from (f"{where}: {problem}." for problem in naming.problems_of_naming(where, text))
    for table, frame in load_all().items():
        for row, record in enumerate(frame.to_dict("records"), 2):
            for column, value in record.items():
                if isinstance(value, str) and value:
                    found = _problems_of_cell(f"data/{table}.csv, column {column}", column, value, record)
                    yield from (f"data/{table}.csv, row {row}, column {column}: {problem}." for problem in found)
    for path in sorted(p for room in ROOMS for p in (root / room).rglob("*") if p.is_file()):
        name = path.relative_to(root).as_posix()
        yield from (f"{name}: {problem}." for problem in naming.problems_of_naming(name, name))


def _problems_of_cell(place: str, column: str, value: str, record: dict) -> Iterator[str]:
    if column == "quote":
        yield from provenance.problems_of_quotation(value, record["source_id"], record["locator"])
    elif not value.startswith("https://") and not (column == "title" and "address" in record):  # others' words
        yield from provenance.echoes(value)
        yield from naming.problems_of_naming(place, value)


def fingerprints_match_locators() -> Iterator[str]:
    """Yield each locator that stands in `data/locators.csv` but not in the fingerprints, or the other way round."""
    table = load("locators")
    listed = set(zip(table.source_id, table.locator, strict=True))
    stored = {(s, loc) for s, f in provenance.read_fingerprints().items() for loc in f.runs}
    for source_id, locator in sorted(listed ^ stored):
        where = "the fingerprints" if (source_id, locator) in listed else "data/locators.csv"
        yield f"{source_id} {locator} is missing in {where}; run `python -m foursources fingerprint` on the source."
