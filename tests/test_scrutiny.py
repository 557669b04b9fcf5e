"""Charts that put a text to the test: nobody is left out, and a sign shows which date came first."""

import pandas as pd
import pytest

from foursources import charts, scrutiny
from foursources.data import load

CLAIMS = pd.DataFrame(
    [
        ("mayor", "P1", "own", "nothing", "nothing", "causal"),
        ("mayor", "P1", "own", "a map", "a document", "text"),
        ("diver", "P3", "reported", "a map", "a document", "text"),
    ],
    columns=["speaker_id", "locator", "voice", "kind", "trail", "checkable"],
)
GROUPS = {"town hall": ["mayor"], "divers": ["diver"], "fishers": ["fisher"]}
TOLD = {"title": "A chart", "description": "d" * 61}


def test_a_group_that_is_not_heard_keeps_its_row_in_the_chart_and_in_the_table():
    found = scrutiny.heard(CLAIMS, GROUPS)
    assert found.values.tolist() == [["town hall", 1, "own"], ["divers", 3, "reported"]]
    figure = charts.Figure.of(scrutiny.voices(found, list(GROUPS), "[us](a.md)", **TOLD).to_dict())
    assert figure.table.values.tolist()[-1] == ["fishers", "", "none"]
    assert "fishers" in figure.html()


def test_a_speaker_without_a_group_is_refused():
    with pytest.raises(ValueError, match="the speakers diver are in no group"):
        scrutiny.heard(CLAIMS, {"town hall": ["mayor"]})


def test_what_is_offered_is_counted_by_kind_and_can_be_chosen():
    chart = scrutiny.offers(CLAIMS, ["a map", "a diary", "nothing"], ["a document", "nothing"], 5, "[us](a.md)", **TOLD)
    figure = charts.Figure.of(chart.to_dict())
    assert figure.table.set_index("kind")["text"].tolist()[0] == 2
    assert ">2<" in figure.html() and ">1<" in figure.html()
    assert [p["bind"]["options"][0] for p in figure.spec["params"]] == ["all"]
    assert set(scrutiny.ABOUT) == set(load("claims").checkable)


def test_a_date_that_comes_too_early_has_a_minus():
    day = pd.Timestamp
    pairs = pd.DataFrame(
        [("P1, dam", "rain, then dam", day("2030-05-01"), day("2030-04-21"), "reversed")],
        columns=["sentence", "counted", "first", "second", "result"],
    )
    figure = charts.Figure.of(scrutiny.gaps(pairs, ["as told", "reversed"], (-20, 20), "[us](a.md)", **TOLD).to_dict())
    assert figure.table["days"].tolist() == [-10] and figure.table["first"].tolist() == ["2030-05-01"]
    assert ">−10<" in figure.html()
