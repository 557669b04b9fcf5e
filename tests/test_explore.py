"""Explorers: one frame per state, identical frames once, drawings for the first state only."""

import json
import re

import altair as alt
import pandas as pd
import pytest

from foursources import charts, explore
from foursources.explore import ExplorerError


def data(explorer):
    return json.loads(re.findall(r'class="fs-json">(.*?)</script>', explorer.html())[-1].replace("<\\/", "</"))


def test_states_are_ordered_like_nested_loops():
    explorer = explore(lambda a, b: f"{a}{b}", "pair", a=["x", "y"], b=["1", "2"])
    frames, states = explorer.frames()
    assert [frames[s] for s in states] == ["<p>x1</p>", "<p>x2</p>", "<p>y1</p>", "<p>y2</p>"]


def test_identical_frames_are_stored_once():
    explorer = explore(lambda a, b: a, "pair", a=["x", "y"], b=["1", "2", "3"])
    assert data(explorer) == {"frames": ["<p>x</p>", "<p>y</p>"], "states": [0, 0, 0, 1, 1, 1]}


def test_the_first_frame_and_labelled_controls_stand_in_the_page():
    html = explore(lambda track: f"**{track}**", "by-track", {"track": "Mediation track"}, track=["EU", "US"]).html()
    assert '<div class="fs-frame" aria-live="polite"><p><strong>EU</strong></p></div>' in html
    assert "<fieldset><legend>Mediation track</legend>" in html
    many = explore(lambda n: n, "many", n=[str(i) for i in range(9)]).html()
    assert '<label for="many-n">N</label> <select id="many-n" name="n">' in many


def test_labels_may_differ_from_values():
    explorer = explore(lambda rate: f"{rate * 2}", "rates", rate={"one half": 0.5, "one": 1})
    assert explorer.frames()[0] == ["<p>1.0</p>", "<p>2</p>"]


def test_only_the_first_state_of_a_chart_is_drawn():
    def show(n):
        rows = pd.DataFrame({"n": [int(n)]})
        told = {"title": n, "description": "One mark.", "usermeta": charts.source("us")}
        return alt.Chart(rows).mark_point().encode(x="n:Q").properties(**told)

    frames, _ = explore(show, "drawn", n=["1", "2"]).frames()
    assert "<svg" in frames[0] and "<svg" not in frames[1]
    assert all('class="fs-spec"' in frame for frame in frames)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            {"name": "big", "a": [str(i) for i in range(21)], "b": [str(i) for i in range(10)]},
            r"210 states \(21 × 10\)",
        ),
        ({"name": "Not a name", "a": ["1"]}, "expected lower-case letters, digits and hyphens"),
        ({"name": "empty", "a": []}, "needs at least one value for each choice"),
        ({"name": "none"}, "needs at least one value for each choice"),
    ],
)
def test_what_cannot_be_published_is_refused(arguments, said):
    with pytest.raises(ExplorerError, match=said):
        explore(lambda **_: "", **arguments)


def test_a_function_that_returns_nothing_is_refused():
    with pytest.raises(ExplorerError, match="returned a NoneType; expected Markdown, a chart or a table"):
        explore(lambda a: None, "nothing", a=["1"]).html()


def test_in_a_kernel_the_same_object_is_a_widget():
    bundle = explore(lambda a: a, "widget", a=["x", "y"])._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle and "text/html" in bundle
