"""Let a reader filter and search a long list of records: with a kernel as widgets, in the page with no kernel.

The published page holds every record once, as plain text under headings; `browse.js` only hides what the reader did
not ask for. Without JavaScript, and on paper, the whole list is there.
"""

from collections.abc import Callable, Mapping
from html import escape
from itertools import groupby
from typing import Any

import pandas as pd

from foursources import markup

ALL = "All"


class Browser:
    """A list of records that a reader can filter and search; see `browse`."""

    def __init__(
        self,
        records: pd.DataFrame,
        item: Callable[[Any], str],
        name: str,
        facets: Mapping[str, str],
        group: str,
        noun: str,
        start: Mapping[str, str],
    ) -> None:
        self.records, self.item, self.name = records, item, name
        self.facets, self.group, self.noun, self.start = facets, group, noun, start
        self.values = {
            label: list(dict.fromkeys(value for cell in records[column] for value in _several(cell)))
            for label, column in facets.items()
        }

    def html(self) -> str:
        """Return the published form: controls, and every record under the heading of its group."""
        boxes = "".join(self._box(label, values) for label, values in self.values.items())
        search = f"{self.name}-search"
        boxes += f'<p><label for="{search}">Search</label> <input type="search" id="{search}" name="search"></p>'
        noun = escape(self.noun)
        return (
            f'<div class="fs-browse" id="{self.name}" data-noun="{noun}"><form hidden>{boxes}</form>'
            f'<p class="fs-count" role="status">{len(self.records)} {noun}</p>{self._items(self.records)}</div>'
        )

    def _box(self, label: str, values: list[str]) -> str:
        box = f"{self.name}-{label.lower().replace(' ', '-')}"
        chosen = self.start.get(label, ALL)
        options = "".join(
            f'<option value="{escape(v)}"{" selected" if v == chosen else ""}>{escape(v)}</option>'
            for v in [ALL, *values]
        )
        select = f'<select id="{box}" name="{escape(label)}">{options}</select>'
        return f'<p><label for="{box}">{escape(label)}</label> {select}</p>'

    def _items(self, records: pd.DataFrame) -> str:
        sections = []
        for heading, rows in groupby(records.itertuples(index=False), key=lambda row: getattr(row, self.group)):
            items = "".join(
                f'<li id="{escape(str(row[0]))}" data-facets="{self._facets(row)}">{markup.block(self.item(row))}</li>'
                for row in rows
            )
            sections.append(f"<section><h3>{markup.inline(str(heading))}</h3><ul>{items}</ul></section>")
        return "".join(sections)

    def _facets(self, row: Any) -> str:  # noqa: ANN401
        """Return, for each facet, the positions of a record's values: `0;2,3;1`."""
        cells = {label: _several(getattr(row, column)) for label, column in self.facets.items()}
        return ";".join(",".join(str(self.values[label].index(v)) for v in cell) for label, cell in cells.items())

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        import ipywidgets
        from IPython.display import HTML, display

        def show(search: str, **chosen: str) -> None:
            found = self.records
            for column, value in chosen.items():
                if value != ALL:
                    found = found[[value in _several(cell) for cell in found[column]]]
            if search:
                said = [self.item(row).casefold() for row in found.itertuples(index=False)]
                found = found[[search.casefold() in text for text in said]]
            display(HTML(f"<p>{len(found)} {escape(self.noun)}</p>{self._items(found)}"))

        boxes = {
            column: ipywidgets.Dropdown(
                options=[ALL, *self.values[label]], value=self.start.get(label, ALL), description=label
            )
            for label, column in self.facets.items()
        }
        search = ipywidgets.Text(description="Search", continuous_update=False)
        widget = ipywidgets.interactive(show, search=search, **boxes)
        return {**widget._repr_mimebundle_(), "text/html": self.html()}


def browse(
    records: pd.DataFrame,
    item: Callable[[Any], str],
    name: str,
    facets: Mapping[str, str],
    group: str,
    noun: str = "records",
    start: Mapping[str, str] | None = None,
) -> Browser:
    """Show records as a list that a reader can filter and search, with or without a kernel.

    Parameters
    ----------
    records : pandas.DataFrame
        One row per record, in reading order. The first column is the record's id: ``#id`` leads to it.
    item : callable
        Takes a row (a named tuple) and returns the record as Markdown.
    name : str
        Name of the list on its page; it begins the address of each choice, as in ``#claims?Voice=own``.
    facets : mapping of str to str
        Label of each filter and the column it filters by; a cell holds one text, or a tuple of several.
    group : str
        Column whose Markdown is the heading over consecutive records.
    noun : str, optional
        What the records are, in the plural, for the count.
    start : mapping of str to str, optional
        Values that are chosen at first, by label; every other filter shows all.

    Returns
    -------
    Browser
        Shown by Jupyter as widgets, and by the published page as plain HTML controls.

    Raises
    ------
    ValueError
        If a record's id comes twice, or a filter would start with a value that no record has.

    Examples
    --------
    >>> meetings = pd.DataFrame({"id": ["a", "b"], "track": ["EU", "US"], "year": [2022, 2022]})
    >>> browse(meetings, lambda m: f"A meeting of the {m.track} track", "meetings", {"Track": "track"}, "year").values
    {'Track': ['EU', 'US']}
    """
    ids = records.iloc[:, 0]
    if ids.duplicated().any():
        raise ValueError(f"{name}: the id {ids[ids.duplicated()].iloc[0]!r} comes twice; every record needs its own.")
    browser = Browser(records, item, name, facets, group, noun, start or {})
    for label, value in browser.start.items():
        if value not in browser.values.get(label, []):
            raise ValueError(f"{name}: the filter {label!r} cannot start with {value!r}; no record has it.")
    return browser


def _several(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    return tuple(value) if isinstance(value, (tuple, list)) else (str(value),)
