"""The look of every chart, and the one Altair renderer of the course.

In the published page a chart is a figure that needs no script: SVG drawn at two widths, a caption with the source, and
the data as a table with a CSV download. `charts.js` makes it live when it scrolls into view. JupyterLab gets Vega-Lite.
"""

import base64
import json
import os
import re
import textwrap
from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b
from html import escape
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from foursources import markup

VEGA_LITE = re.search(r"v(\d+\.\d+)", alt.SCHEMA_VERSION)[1]
"""Version of Vega-Lite that Altair writes, in the form that vl-convert takes."""

LAB_MIME = "application/vnd.vegalite.v5+json"
"""JupyterLab draws Vega-Lite under this name only, also what Altair writes as version 6."""

PUBLISHING = "FOURSOURCES_PUBLISHING"
"""Environment variable that is set while the book is built."""

WIDTHS = {"wide": 700, "narrow": 340}
"""Widths in CSS pixels at which the static SVG is drawn: a text column on a desktop, and on a phone."""

# Okabe and Ito's colour-blind-safe colours (2008), those with a contrast of 3:1 or more on white and on near black.
PALETTE = ["#0072B2", "#D55E00", "#009E73", "#8A7400", "#B05C94"]
GREY = "#808080"
SHAPES = ["circle", "diamond", "triangle-up", "square", "triangle-down"]

SMALL = alt.ExprRef("width < 320 ? 10 : 12")
"""Font size for labels that would run into each other on a phone."""

# Under role="img" nothing inside is announced or focused, so labels and links of single marks go; so do attributes
# that repeat a default or what stands on the root, and shapes that draw nothing. That halves the drawing.
_NOISE = (
    r' (?:role|aria-[\w-]+|class|pointer-events|font-family|stroke-miterlimit)="[^"]*"',
    r'</?a\b[^>]*>| font-size="12px"| (?:(?:stroke-|fill-)?opacity|stroke-width)="1"| transform="translate\(0,0\)"',
    r'<path d="(?:M[\d.]+,[\d.]+h[\d.]+v[\d.]+h-?[\d.]+Z)?"(?: display="none")?/>',
    r"<g></g>",
    r"<g></g>",  # what held nothing but such a group
)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_LOCATOR = re.compile(r"<td>([a-z]+-\d{4} (?:P\d+|abs|fn\d+))</td>")

_SYMBOLS = {
    "circle": "M5 0A5 5 0 1 1-5 0A5 5 0 1 1 5 0Z",
    "square": "M-4.5-4.5h9v9h-9Z",
    "diamond": "M0-5.5L5.5 0 0 5.5-5.5 0Z",
    "triangle-up": "M0-5L5.5 4.5h-11Z",
    "triangle-down": "M0 5L5.5-4.5h-11Z",
    "cross": "M-1.5-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3Z",
}


class ChartError(ValueError):
    """A chart lacks something that a reader needs; the message says what to add."""


def theme() -> alt.theme.ThemeConfig:
    """Return the course's theme: text in the page's colour, no background, colours and shapes that work together."""
    ink = "currentColor"
    font = "Arial, Helvetica, sans-serif"  # vl-convert measures with a font of the same widths
    text = {"labelColor": ink, "titleColor": ink, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    axis = {"domainColor": ink, "domainOpacity": 0.5, "tickColor": ink, "tickOpacity": 0.5, "labelLimit": 220}
    return {
        "config": {
            "background": "transparent",
            "font": font,
            "autosize": {"type": "fit", "contains": "padding"},
            "padding": {"left": 2, "right": 4, "top": 4, "bottom": 2},
            "view": {"stroke": None},
            "axisDiscrete": {"ticks": False, "domain": False, "labelPadding": 6},
            "axis": {**text, **axis, "gridColor": ink, "gridOpacity": 0.125},
            "legend": {
                **text,
                "orient": "top",
                "title": None,
                "symbolSize": 90,
                "columnPadding": 12,
                "labelLimit": 300,
            },
            "header": text,
            "title": {"color": ink, "subtitleColor": ink, "fontSize": 14, "anchor": "start"},
            "text": {"color": ink, "fontSize": 12},
            "rule": {"color": ink},
            "range": {"category": PALETTE, "symbol": SHAPES},
            "point": {"size": 90, "strokeWidth": 1.5},
        }
    }


def enable() -> None:
    """Make the course's theme and renderer the ones that Altair uses."""
    alt.theme.register("foursources", enable=True)(theme)
    alt.renderers.register("foursources", render)
    alt.renderers.enable("foursources")


def render(spec: dict[str, Any], **_: object) -> dict[str, Any]:
    """Render a Vega-Lite specification as a MIME bundle: for JupyterLab, and for the published page as a figure.

    JupyterLab prefers HTML to Vega-Lite and would show the drawings only, so the figure is left out where no book is
    being built (`PUBLISHING`), and the chart in the notebook is alive.

    Raises
    ------
    ChartError
        If the chart has no title, description or source.
    """
    figure = Figure.of(spec)
    plain_source = _LINK.sub(r"\1", figure.source)
    told = textwrap.wrap(f"{figure.description} Source: {plain_source}.", 110)
    title = {"text": figure.title, "subtitle": told}
    bundle = {LAB_MIME: spec | {"title": title, "width": WIDTHS["wide"]}, "text/plain": f"Chart: {figure.title}"}
    return bundle | ({"text/html": figure.html()} if os.environ.get(PUBLISHING) else {})


def source(line: str, table: pd.DataFrame | None = None) -> dict[str, object]:
    """Return the `usermeta` of a chart, for `chart.properties(usermeta=…)`.

    Parameters
    ----------
    line : str
        Where the data come from, in Markdown, with locator links.
    table : pandas.DataFrame, optional
        What the table under the chart shows, with headings for readers; without it, the rows behind the marks.
    """
    return {"source": line} | ({} if table is None else {"table": table.to_dict("records")})


def symbols(column: str, values: list[str], quiet: str | None = None) -> dict[str, alt.Color | alt.Shape]:
    """Encode a category by colour and shape together, so that neither is the only channel.

    Parameters
    ----------
    column : str
        Column that holds the category.
    values : list of str
        Its values, in the order of the legend.
    quiet : str, optional
        A value for "nothing here" or "not settled", shown as a grey cross.

    Returns
    -------
    dict
        The channels `color` and `shape`, for ``chart.encode(**symbols(…))``.
    """
    loud = [v for v in values if v != quiet]
    colour = dict(zip(loud, PALETTE, strict=False)) | {quiet: GREY}
    shape = dict(zip(loud, SHAPES, strict=False)) | {quiet: "cross"}
    return {
        "color": alt.Color(column, type="nominal").scale(domain=values, range=[colour[v] for v in values]),
        "shape": alt.Shape(column, type="nominal").scale(domain=values, range=[shape[v] for v in values]),
    }


def spans(rows: pd.DataFrame, axis: alt.X, kinds: list[str], **properties: object) -> alt.LayerChart:
    """Draw each row as a line from zero to a point, with the date as text.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns `label` (a comma breaks the line), `kind`, `mark` (the short text beside the point), `day` (the full
        date), `note`, and the column of `axis`.
    axis : altair.X
        Distance from the start, with its unit in the title and a domain that leaves room for the text.
    kinds : list of str
        All values of `kind` in the order of the legend; a kind keeps its symbol in charts that show only some.
    **properties
        Title, description, height and usermeta of the chart.
    """
    lines = alt.Axis(labelExpr="split(datum.label, ', ')", labelOffset=-7)
    base = alt.Chart(rows).encode(alt.Y("label:N", sort=None, title=None, axis=lines))
    marks = {channel: encoding.copy() for channel, encoding in symbols("kind", kinds).items()}
    for encoding in marks.values():
        encoding.legend = alt.Legend(values=[kind for kind in kinds if kind in set(rows.kind)])
    points = base.mark_point(filled=True, size=110, opacity=1).encode(axis, tooltip=["label", "day", "note"], **marks)
    line = base.mark_rule(opacity=0.4).encode(axis, x2=alt.datum(0))
    return alt.layer(line, points, base.mark_text(align="left", dx=9).encode(axis, text="mark:N")).properties(
        **properties
    )


@dataclass(frozen=True)
class Figure:
    """A chart with all that a reader needs to understand it.

    Attributes
    ----------
    spec : dict
        Vega-Lite without title and legend, which the page sets as text so that they wrap on a phone.
    legend : list of (str, str, str)
        Value, colour and shape of each entry of the legend; empty where the drawing keeps its own.
    title, description, source : str
        What the chart is called, what it shows and cannot show, and where its data come from.
    table : pandas.DataFrame
        The rows behind the marks.
    """

    spec: dict[str, Any]
    legend: list[tuple[str, str, str]]
    title: str
    description: str
    source: str
    table: pd.DataFrame

    @classmethod
    def of(cls, spec: dict[str, Any]) -> "Figure":
        """Read a figure from a Vega-Lite specification made by Altair; raise `ChartError` where something lacks."""
        title = spec.get("title")
        title = title.get("text") if isinstance(title, dict) else title
        title = " ".join(title) if isinstance(title, list) else title
        meta = spec.get("usermeta", {})
        told = {"title": title, "description": spec.get("description"), "source": meta.get("source")}
        lacking = [name for name, value in told.items() if not value]
        if lacking:
            raise ChartError(
                f"The chart {title or 'without a title'!r} has no {' and no '.join(lacking)}: set it with "
                "chart.properties(title=…, description=…, usermeta=charts.source(…)). "
                "The description states the finding and its limit; the source line has locator links."
            )
        drawn = {k: v for k, v in spec.items() if k not in ("title", "usermeta")}
        if legend := _legend(spec):
            drawn = _without_legends(drawn)
        return cls(drawn, legend, title, told["description"], told["source"], _table(spec, meta.get("table")))

    def html(self, static: bool = True) -> str:
        """Return the figure as HTML; without `static`, the two drawings are left out and the script draws at once."""
        key = blake2b(json.dumps(self.spec, sort_keys=True).encode(), digest_size=4).hexdigest()
        drawings = "".join(self._svg(name, width, key) for name, width in WIDTHS.items()) if static else ""
        return (
            f'<figure class="fs-chart" id="chart-{key}">'
            f'<p class="fs-title">{escape(self.title)}</p>{self._key()}'
            f'<div class="fs-drawing" data-label="{escape(self.description)}">{drawings}</div>'
            f"<figcaption><p>{escape(self.description)}</p>"
            f"<p>{markup.inline('Source: ' + self.source)}</p></figcaption>"
            f"{self._details(key)}"
            f"{markup.script_data(_without_theme(self.spec), name='fs-spec')}</figure>"
        )

    def _key(self) -> str:
        if not self.legend:
            return ""
        entries = "".join(
            f'<li><svg viewBox="-6 -6 12 12" aria-hidden="true"><path fill="{colour}" d="{_SYMBOLS[shape]}"/></svg>'
            f"{escape(value)}</li>"
            for value, colour, shape in self.legend
        )
        return f'<ul class="fs-legend">{entries}</ul>'

    def _svg(self, name: str, width: int, key: str) -> str:
        """Draw the chart at a width. vl-convert leaves the description out of its SVG, so it is written here."""
        svg = vl_convert.vegalite_to_svg({**self.spec, "width": width}, vl_version=VEGA_LITE)
        for noise in _NOISE:
            svg = re.sub(noise, "", svg)
        svg = re.sub(r' (?:d|transform)="[^"]*"', lambda numbers: re.sub(r"(\.\d)\d+", r"\1", numbers[0]), svg)
        # Identifiers such as clip0 would be the same in every drawing of the page.
        svg = re.sub(r'(id="|url\(#)(?=\w)', rf"\g<1>{key}-{name}-", svg)
        svg = _share_shapes(svg, f"{key}-{name}")
        opening = f'<svg class="fs-{name}" role="img" aria-label="{escape(self.description)}" font-size="12px"'
        return re.sub(r'^<svg(?: (?:version|xmlns\S*)="[^"]*")*', opening, svg)

    def _details(self, key: str) -> str:
        csv = base64.b64encode(self.table.to_csv(index=False).encode()).decode()
        table = _LOCATOR.sub(_linked, self.table.to_html(index=False, border=0, classes="fs-table", na_rep=""))
        return (
            f'<details class="fs-data"><summary>Data of this chart as a table</summary>'
            f'<div class="fs-scroll" role="region" aria-label="Table: {escape(self.title)}" tabindex="0">{table}</div>'
            f'<p><a download="chart-{key}.csv" href="data:text/csv;base64,{csv}">Download as CSV</a></p></details>'
        )


def _share_shapes(svg: str, key: str) -> str:
    """Store each shape that a drawing repeats only once."""
    repeated = [d for d, n in Counter(re.findall(r' d="([^"]{30,})"', svg)).items() if n > 2]
    for i, d in enumerate(repeated):
        svg = re.sub(rf'<path( [^>]*)? d="{re.escape(d)}"', rf'<use href="#{key}-{i}"\1', svg)
    shapes = "".join(f'<path id="{key}-{i}" d="{d}"/>' for i, d in enumerate(repeated))
    return re.sub(r"^<svg[^>]*>", rf"\g<0><defs>{shapes}</defs>", svg) if repeated else svg


def _linked(cell: re.Match[str]) -> str:
    return f'<td><a href="sources.md#{cell[1].lower().replace(" ", "-")}">{cell[1]}</a></td>'


def _legend(spec: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Read value, colour and shape of each legend entry, where the chart names its colours itself."""
    for part in [spec, *spec.get("layer", [])]:
        encoding = part.get("encoding", {})
        scales = [encoding.get(channel, {}).get("scale") or {} for channel in ("color", "shape")]
        colours, shapes = (dict(zip(s.get("domain", []), s.get("range", []), strict=False)) for s in scales)
        if colours:
            shown = (encoding["color"].get("legend") or {}).get("values", colours)
            return [(value, colours[value], shapes.get(value, "square")) for value in shown]
    return []


def _without_legends(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a specification in which no layer draws a legend for colour or shape."""
    bare = dict(spec)
    if "encoding" in spec:
        hidden = {
            c: e | {"legend": None} for c, e in spec["encoding"].items() if c in ("color", "shape") and "field" in e
        }
        bare["encoding"] = spec["encoding"] | hidden
    if "layer" in spec:
        bare["layer"] = [_without_legends(layer) for layer in spec["layer"]]
    return bare


def _without_theme(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a specification without the settings of the theme, which the page's script adds again."""
    common = theme()["config"]
    own = {key: value for key, value in spec.get("config", {}).items() if common.get(key) != value}
    return spec | {"config": own}


def _table(spec: dict[str, Any], given: list[dict[str, Any]] | None) -> pd.DataFrame:
    """Return the table that the chart brings, else its named dataset, else the largest one."""
    datasets = spec.get("datasets", {})
    named = datasets.get(spec.get("data", {}).get("name"))
    return pd.DataFrame(given or named or max(datasets.values(), key=len, default=[]))
