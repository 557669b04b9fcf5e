"""Describe the tables of the data package for readers: every column, what it may hold, and how the table was made."""

import json
from html import escape
from pathlib import Path

from foursources import markup
from foursources.data import DATA, load_all


class Dictionary:
    """The description of a data package as a page; see `dictionary`."""

    def __init__(self, folder: Path) -> None:
        self.package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        self.rows = {name: len(frame) for name, frame in load_all(folder).items()}

    def _repr_html_(self) -> str:
        resources = self.package["resources"]
        overview = "".join(
            f'<tr><td><a href="#{r["name"]}">{(stem := Path(r["path"]).stem)}</a></td><td>{self.rows[stem]:,}</td>'
            f"<td>{escape(r['title'])}</td></tr>"
            for r in resources
        )
        return (
            '<div class="fs-dictionary"><table class="fs-table fs-overview"><thead><tr><th>Table</th><th>Rows</th>'
            f"<th>Content</th></tr></thead><tbody>{overview}</tbody></table>"
            f"{''.join(map(self._table, resources))}</div>"
        )

    def _table(self, resource: dict) -> str:
        schema, stem = resource["schema"], Path(resource["path"]).stem
        keys = {c: k for k in schema.get("foreignKeys", []) for c in k["fields"]}
        columns = "".join(
            f"<tr><td><code>{f['name']}</code></td><td>{_takes(f, keys.get(f['name']), schema['primaryKey'])}</td>"
            f"<td>{escape(f['description'])}</td></tr>"
            for f in schema["fields"]
        )
        return (
            f'<section id="{resource["name"]}"><h3>{escape(resource["title"])} <code>{stem}</code></h3>'
            f"<p>{escape(resource['description'])}</p>"
            f'<p>{self.rows[stem]:,} rows. <a href="data/{resource["path"]}" download>{resource["path"]}</a></p>'
            f"<p><strong>How it was made.</strong> {markup.inline(resource['made'])}</p>"
            '<table class="fs-table"><thead><tr><th>Column</th><th>Takes</th><th>Meaning</th></tr></thead>'
            f"<tbody>{columns}</tbody></table></section>"
        )


def dictionary(folder: Path = DATA) -> Dictionary:
    """Return the description of all tables of the data package in `folder`, as ``datapackage.json`` gives it.

    Raises
    ------
    DataError
        If the package is not valid.
    """
    return Dictionary(folder)


def _takes(field: dict, key: dict | None, primary: list[str]) -> str:
    """Say in words what a column takes: type, allowed values, reference, and whether it may be empty."""
    limits = field.get("constraints", {})
    match field["type"]:
        case "boolean":
            kind = "yes or no"
        case "string" if "enum" in limits:
            kind = "one of: " + ", ".join(escape(v) or "empty" for v in limits["enum"])
        case "string" if field.get("format") == "uri":
            kind = "address"
        case "string":
            kind = "text"
        case other:
            kind = {"integer": "whole number"}.get(other, other)
    if key:
        target = key["reference"]["resource"]
        kind += f', a row of <a href="#{target}">{target.replace("-", "_")}</a>' if target else ", a row of this table"
    if field["name"] in primary:
        return kind + ("; the key of the table" if len(primary) == 1 else "; part of the key")
    return kind + ("" if limits.get("required") else "; may be empty")
