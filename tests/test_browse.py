"""Lists that a reader filters: all records are in the page, each under its own id, and a kernel shows widgets."""

import re

import pandas as pd
import pytest

from foursources.browse import browse

MEETINGS = pd.DataFrame(
    {
        "meeting": ["a", "b", "c"],
        "track": ["EU", "US", "EU"],
        "by": [("lake-2030",), ("lake-2030", "hill-2031"), ()],
        "year": [2022, 2022, 2023],
    }
)


def listed(**changes):
    settings = {"name": "meetings", "facets": {"Track": "track", "Source": "by"}, "group": "year", "noun": "meetings"}
    return browse(MEETINGS, lambda m: f"The *{m.track}* meeting <b>{m.meeting}</b>", **settings | changes)


def test_every_record_is_in_the_page_once_under_its_group():
    html = listed().html()
    assert re.findall(r'<h3>(\d+)</h3>|<li id="(\w)"', html) == [
        ("2022", ""),
        ("", "a"),
        ("", "b"),
        ("2023", ""),
        ("", "c"),
    ]
    assert "<em>EU</em> meeting &lt;b&gt;a&lt;/b&gt;" in html, "Markdown is rendered, HTML in the data is not"
    assert "3 meetings" in html


def test_a_record_carries_the_positions_of_its_values():
    assert re.findall(r'data-facets="([^"]*)"', listed().html()) == ["0;0", "1;0,1", "0;"]


def test_a_filter_may_start_with_a_value_but_only_with_one_that_exists():
    assert '<option value="US" selected>' in listed(start={"Track": "US"}).html()
    with pytest.raises(ValueError, match="the filter 'Track' cannot start with 'UN'"):
        listed(start={"Track": "UN"})


def test_an_id_that_comes_twice_is_refused():
    twice = MEETINGS.assign(meeting="a")
    with pytest.raises(ValueError, match="the id 'a' comes twice"):
        browse(twice, str, "meetings", {"Track": "track"}, group="year")


def test_a_kernel_shows_widgets():
    bundle = listed()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/html"] == listed().html()
