"""Turn the course's Markdown into HTML for outputs: questions, explorers, captions."""

import json
import re

import pandas as pd
from markdown_it import MarkdownIt

_PLACE = re.compile(r"\b([a-z]+-\d{4}) (P\d+|abs|fn\d+)\b")
_markdown = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(["table", "smartquotes"])


def block(text: str) -> str:
    """Render Markdown paragraphs, lists and tables as HTML."""
    return _markdown.render(text).strip()


def inline(text: str) -> str:
    """Render one line of Markdown as HTML without a paragraph around it."""
    return _markdown.renderInline(" ".join(text.split()))


def located(source_id: str, locator: str) -> str:
    """Return the Markdown link to a place in a source, by way of the reading guide.

    Examples
    --------
    >>> located("cpc-2022", "P11")
    '[cpc-2022 P11](sources.md#cpc-2022-p11)'
    """
    return f"[{source_id} {locator}](sources.md#{source_id}-{locator.lower()})"


def linked(text: str, documents: pd.DataFrame) -> str:
    """Turn the ids of documents, and places such as ``cpc-2022 P11``, into Markdown links.

    Parameters
    ----------
    text : str
        A note of the data.
    documents : pandas.DataFrame
        Columns ``reference_id``, ``publisher`` and ``address``.

    Examples
    --------
    >>> pages = pd.DataFrame([["bay-2001", "The Bay", "https://example.org/bay"]])
    >>> pages.columns = ["reference_id", "publisher", "address"]
    >>> linked("bay-2001 has another day than lake-2030 P2", pages)
    '[The Bay](https://example.org/bay) has another day than [lake-2030 P2](sources.md#lake-2030-p2)'
    """
    pages = {d.reference_id: f"[{d.publisher}]({d.address})" for d in documents.itertuples()}
    known = "|".join(sorted(map(re.escape, pages), key=len, reverse=True)) or "(?!)"
    text = _PLACE.sub(lambda place: located(*place.groups()), text)
    return re.sub(rf"(?<![\w/#-])(?:{known})(?![\w-])", lambda found: pages[found[0]], text)


def quoted(words: str) -> str:
    """Return the words of a source in quotation marks; marks inside them become single ones.

    Examples
    --------
    >>> quoted("the so-called “red line”")
    '“the so-called ‘red line’”'
    """
    return f"“{words.translate(str.maketrans('“”', '‘’'))}”"


def dated(date: pd.Timestamp, precision: str = "day", to: pd.Timestamp | None = None) -> str:
    """Write a date as exactly as it is known: `precision` is day, month, year or approximate.

    Examples
    --------
    >>> dated(pd.Timestamp("2022-10-06")), dated(pd.Timestamp("2022-10-01"), "month")
    ('6 October 2022', 'October 2022')
    >>> dated(pd.Timestamp("2022-11-28"), "day", pd.Timestamp("2022-12-04"))
    '28 November to 4 December 2022'
    >>> dated(pd.Timestamp("1988-01-01"), "year", pd.Timestamp("1994-01-01"))
    '1988 to 1994'
    """
    if precision == "approximate":
        return f"about {dated(date, 'year' if (date.month, date.day) == (1, 1) else 'month', to)}"
    form = {"day": f"{date.day} %B %Y", "month": "%B %Y", "year": "%Y"}[precision]
    written = f"{date:{form}}"
    if to is None or pd.isna(to) or (end := dated(to, precision)) == written:
        return written
    shared = f" {date.year}" if precision != "year" and date.year == to.year else ""
    return f"{written.removesuffix(shared)} to {end}"


def script_data(value: object, name: str = "fs-json") -> str:
    """Return a value as a JSON script element of a class, safe inside HTML."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f'<script type="application/json" class="{name}">{data}</script>'
