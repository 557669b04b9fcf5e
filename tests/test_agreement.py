"""Agreement of two coders: values worked out by hand, and errors that say what to do."""

import math

import numpy as np
import pandas as pd
import pytest

from foursources.analysis.agreement import cohen_kappa, observed_agreement

DEEDS = [7, 2, 3, 3, 7, 1]
WORDS = [7, 2, 6, 6, 8, 2]


def table(cells):
    """Spread a table of counts, first coder by second coder, into the codes of each coder."""
    pairs = [pair for pair, n in cells.items() for _ in range(n)]
    return [a for a, _ in pairs], [b for _, b in pairs]


@pytest.mark.parametrize(
    ("cells", "observed", "kappa"),
    [
        # Chance by hand: 25/50 · 30/50 + 25/50 · 20/50 = 0.5.
        ({("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}, 0.7, 0.4),
        # The same share of agreement, rarer code, less beyond chance: 0.6 against 0.54 and against 0.46.
        ({("yes", "yes"): 45, ("yes", "no"): 15, ("no", "yes"): 25, ("no", "no"): 15}, 0.6, (0.6 - 0.54) / 0.46),
        ({("yes", "yes"): 25, ("yes", "no"): 35, ("no", "yes"): 5, ("no", "no"): 35}, 0.6, (0.6 - 0.46) / 0.54),
        ({("a", "b"): 1, ("b", "a"): 1}, 0, -1),
        ({("a", "a"): 1, ("a", "b"): 1, ("b", "a"): 1, ("b", "b"): 1}, 0.5, 0),
    ],
)
def test_kappa_of_tables_worked_out_by_hand(cells, observed, kappa):
    first, second = table(cells)
    assert observed_agreement(first, second) == pytest.approx(observed)
    assert cohen_kappa(first, second) == pytest.approx(kappa)


def test_full_agreement_is_exactly_one_whatever_the_shares():
    for codes in (["a", "b"], ["a"] * 7 + ["b"] * 3, list(range(9)) * 11):
        assert cohen_kappa(codes, codes) == 1 == observed_agreement(codes, codes)


def test_it_does_not_matter_who_is_first_or_what_the_codes_are_called():
    assert cohen_kappa(DEEDS, WORDS) == cohen_kappa(WORDS, DEEDS)
    renamed = {code: ("stage", code) for code in range(1, 10)}
    assert cohen_kappa([renamed[c] for c in DEEDS], [renamed[c] for c in WORDS]) == cohen_kappa(DEEDS, WORDS)


def test_the_worked_codings_of_the_chapter():
    assert observed_agreement(DEEDS, WORDS) == pytest.approx(1 / 3)
    assert cohen_kappa(DEEDS, WORDS) == 0.25
    levels = [[(code - 1) // 3 for code in codes] for codes in (DEEDS, WORDS)]
    assert observed_agreement(*levels) == pytest.approx(2 / 3)
    assert cohen_kappa(*levels) == 0.5


def test_one_code_throughout_leaves_nothing_beyond_chance():
    assert observed_agreement(["a", "a"], ["a", "a"]) == 1
    assert math.isnan(cohen_kappa(["a", "a"], ["a", "a"]))
    assert cohen_kappa(["a", "a"], ["a", "b"]) == 0, "only one coder uses one code throughout"


def test_columns_of_a_table_are_taken_by_position():
    frame = pd.DataFrame({"deeds": DEEDS, "words": WORDS}, index=list("uvwxyz"))
    assert cohen_kappa(frame.deeds, frame.words) == 0.25
    assert cohen_kappa(np.array(DEEDS), tuple(WORDS)) == 0.25


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ([], [], "at least one item"),
        ([1, 2], [1], "first coder has 2 codes and the second 1"),
        ([1, None], [1, 2], "first coder has no code for item 2"),
        (["a", "b"], ["a", pd.NA], "second coder has no code for item 2"),
        ([1, 2], [math.nan, 2], "second coder has no code for item 1"),
    ],
)
def test_codes_that_do_not_fit_are_refused_with_what_to_do(first, second, said):
    for measure in (observed_agreement, cohen_kappa):
        with pytest.raises(ValueError, match=said):
            measure(first, second)
