"""Figures: complete without a script, legible on light and dark, refused when something lacks."""

import re
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import pytest
import vl_convert

from foursources import charts
from foursources.charts import GREY, PALETTE, ChartError, Figure

ROWS = pd.DataFrame({"place": ["cpc-2022 P1", "cpc-2022 P2"], "n": [1, 2], "kind": ["a", "b"]})
TOLD = {
    "title": "Two rows",
    "description": "b is larger than a; two rows show little.",
    "usermeta": charts.source("[us](a.md)"),
}


def chart(**told):
    return (
        alt.Chart(ROWS)
        .mark_point()
        .encode(x="n:Q", y="place:N", **charts.symbols("kind", ["a", "b"]))
        .properties(**told)
    )


@pytest.mark.parametrize("lacking", ["title", "description", "usermeta"])
def test_a_chart_that_lacks_something_is_an_error_that_says_what(lacking):
    told = {key: value for key, value in TOLD.items() if key != lacking}
    with pytest.raises(ChartError, match=f"has no {lacking.replace('usermeta', 'source')}: set it with"):
        charts.render(chart(**told).to_dict())


def test_jupyterlab_gets_a_live_chart_and_the_page_gets_a_figure(monkeypatch):
    monkeypatch.delenv(charts.PUBLISHING, raising=False)
    bundle = charts.render(chart(**TOLD).to_dict())
    assert bundle.keys() == {charts.LAB_MIME, "text/plain"}, "JupyterLab would prefer HTML and show a drawing"
    monkeypatch.setenv(charts.PUBLISHING, "yes")
    assert charts.render(chart(**TOLD).to_dict())["text/html"].startswith('<figure class="fs-chart"')
    title = bundle[charts.LAB_MIME]["title"]
    assert title["text"] == "Two rows"
    assert " ".join(title["subtitle"]) == "b is larger than a; two rows show little. Source: us."


def test_a_figure_is_complete_without_a_script():
    html = Figure.of(chart(**TOLD).to_dict()).html()
    assert len(re.findall(r'<svg class="fs-(?:wide|narrow)" role="img" aria-label="b is larger', html)) == 2
    assert 'width="700"' in html and 'width="340"' in html
    assert "Source: <a href=" in html and "b is larger than a" in html.split("<figcaption>")[1]
    assert '<td><a href="sources.md#cpc-2022-p1">cpc-2022 P1</a></td>' in html
    assert 'href="data:text/csv;base64,' in html
    assert re.findall(r"</svg>(\w+)</li>", html) == ["a", "b"], "the legend stands in the page"


def test_a_drawing_takes_its_ink_from_the_page():
    html = Figure.of(chart(**TOLD).to_dict()).html()
    drawn = set(re.findall(r'(?:fill|stroke)="([^"]+)"', html)) - {"none", "transparent", "currentColor"}
    assert drawn <= {*PALETTE, GREY}, f"colours that do not follow the theme: {drawn}"


@pytest.mark.parametrize("kind", ["point", "bar", "line", "text"])
def test_a_slimmed_drawing_is_still_well_formed_and_shows_the_same_marks(kind):
    figure = Figure.of(getattr(chart(**TOLD), f"mark_{kind}")().to_dict())
    full = vl_convert.vegalite_to_svg({**figure.spec, "width": 700}, vl_version=charts.VEGA_LITE)
    slim = re.search(r'<svg class="fs-wide".*?</svg>', figure.html(), re.DOTALL)[0]
    ElementTree.fromstring(slim)
    assert re.findall(r"<text[^>]*>([^<]*)<", slim) == re.findall(r"<text[^>]*>([^<]*)<", full)
    inked = re.compile(r'<(?:path|use|line|rect)\b[^>]*(?:fill|stroke)="(?!none|transparent)[^"]+"')
    assert len(inked.findall(slim)) == len(inked.findall(full))


def test_identifiers_in_drawings_are_unique():
    clipped = chart(**TOLD).mark_point(clip=True)
    html = Figure.of(clipped.to_dict()).html()
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids)) > 1
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(ids)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", [*PALETTE, GREY])
@pytest.mark.parametrize("ground", ["#ffffff", "#121212"])
def test_every_colour_is_visible_on_both_themes(colour, ground):
    light, dark = sorted([luminance(colour), luminance(ground)], reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3, "WCAG 2.2, 1.4.11: graphics need a contrast of 3:1"


def test_colour_is_never_the_only_channel():
    encoded = charts.symbols("kind", ["a", "b", "c"], quiet="c")
    shapes = encoded["shape"].to_dict()["scale"]["range"]
    assert len(set(shapes)) == 3


def test_a_table_given_to_a_chart_replaces_the_rows_behind_the_marks():
    told = TOLD | {"usermeta": charts.source("us", pd.DataFrame({"Heading": ["for readers"]}))}
    figure = Figure.of(chart(**told).to_dict())
    assert figure.table.columns.tolist() == ["Heading"]
    assert "for readers" not in str(figure.spec), "the table is not sent twice"
