"""Wording: words and terms are counted as a careful reader would, and the stored counts are those of the course."""

import pandas as pd
import pytest

from foursources.analysis import wording
from foursources.data import load

LAKE = """# lake-2030

[abs] Mediators meet. Peace.

## Peace at last

[P1] The mediator asked for peace, not for immediate peace; “peaceful” is another word.¹

[fn1] ¹ Peace, a journal.

[P2] A 44-day truce – peace in name – held.
"""


def test_only_the_numbered_paragraphs_are_counted():
    counts = wording.term_counts(
        {"lake-2030": LAKE}, {"peace": r"peace\b", "peace*": r"peace\w*", "mediat*": r"mediat\w*"}
    )
    assert counts["count"].tolist() == [3, 4, 1], "neither abstract, heading and note, nor the end of `immediate`"
    assert counts["words"].unique().tolist() == [20]


def test_a_text_without_locators_is_refused_by_name():
    with pytest.raises(ValueError, match="lake-2030: no paragraph begins with a locator"):
        wording.term_counts({"lake-2030": "Peace."}, {"peace": "peace"})


def test_rates_compare_texts_of_different_length():
    counts = pd.DataFrame({"count": [2, 4], "words": [500, 2000]})
    assert wording.rates(counts).tolist() == [4, 2]


def test_the_counts_of_the_four_sources():
    # In the order turan-2024, cpc-2022, iai-2023, evn-2023. `mediat*` begins at the start of a word: one occurrence of
    # `immediate` in iai-2023 is no mediation.
    pinned = {
        "occup": [1, 0, 6, 0],
        "artsakh": [0, 0, 0, 2],
        "nagorno-karabakh": [4, 11, 21, 8],
        "karabakh-armenian": [0, 0, 1, 6],
        "ethnic-cleansing": [0, 0, 0, 3],
        "exodus": [1, 0, 5, 1],
        "territorial-integrity": [2, 2, 4, 0],
        "self-determination": [0, 0, 1, 0],
        "secession": [0, 0, 6, 0],
        "corridor": [0, 6, 0, 5],
        "ceasefire": [3, 6, 0, 5],
        "russia": [5, 24, 38, 2],
        "mediat": [2, 14, 5, 1],
        "peacekeep": [3, 3, 3, 1],
    }
    table = load("term_counts").pivot(index="term_id", columns="source_id", values="count")
    table = table[["turan-2024", "cpc-2022", "iai-2023", "evn-2023"]]
    assert {term: table.loc[term].tolist() for term in pinned} == pinned
    lengths = load("term_counts").groupby("source_id").words.unique().map(list).to_dict()
    assert lengths == {"turan-2024": [558], "cpc-2022": [2233], "iai-2023": [3367], "evn-2023": [1697]}
    assert set(table.index) == set(load("counted_terms").term_id) and not table.isna().any().any()
