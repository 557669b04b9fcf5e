"""The commitment problem: what the stylised model says, and where it refuses numbers."""

import pytest

from foursources.analysis.commitment import curves, kept_tomorrow, largest_shift, needed_today

CASES = [
    {"chance": chance, "cost_weaker": a, "cost_stronger": b, "discount": d}
    for chance in (0.5, 0.7, 0.9)
    for a in (0, 0.1, 0.3)
    for b in (0, 0.1, 0.3)
    for d in (0.5, 0.9, 1)
]


@pytest.mark.parametrize("case", CASES)
def test_at_the_largest_shift_all_of_today_is_just_enough(case):
    if (shift := largest_shift(**case)) is None:
        assert needed_today(shift=case["chance"], **case) <= 1 + 1e-9, "even the largest shift leaves a division"
    else:
        assert needed_today(shift=shift, **case) == pytest.approx(1)
        assert needed_today(shift=(shift + case["chance"]) / 2, **case) > 1 - 1e-9
        assert needed_today(shift=shift / 2, **case) < 1


@pytest.mark.parametrize("case", CASES)
def test_without_a_shift_there_is_always_a_division(case):
    assert needed_today(shift=0, **case) <= 1


@pytest.mark.parametrize("case", CASES)
def test_fighting_now_is_no_better_than_the_least_that_holds(case):
    shift = case["chance"] / 2
    today = needed_today(shift=shift, **case)
    peace = today + case["discount"] * kept_tomorrow(case["chance"], shift, case["cost_stronger"])
    assert peace >= case["chance"] * (1 + case["discount"]) - case["cost_weaker"] - 1e-9


def test_a_larger_shift_needs_more_and_a_cost_of_breaking_needs_less():
    common = {"chance": 0.8, "cost_weaker": 0.1}
    by_shift = [needed_today(shift=s / 10, cost_stronger=0.1, **common) for s in range(9)]
    assert by_shift == sorted(by_shift)
    by_cost = [needed_today(shift=0.5, cost_stronger=c / 10, **common) for c in range(5)]
    assert by_cost == sorted(by_cost, reverse=True)
    assert largest_shift(cost_stronger=0.3, **common) > largest_shift(cost_stronger=0.1, **common)


def test_nobody_keeps_more_than_there_is():
    assert kept_tomorrow(chance=0.9, shift=0, cost_stronger=0.5) == 1
    assert needed_today(chance=0.1, shift=0, cost_weaker=0.9, cost_stronger=0.5) == 0


def test_a_table_has_a_limit_only_where_there_is_one():
    table = curves([0.1, 0.9], [0, 0.4, 0.8], chance=0.8, cost_weaker=0.1)
    assert table.groupby("cost").part.agg(list).tolist() == [["limit", *["line"] * 3], ["line"] * 3]
    above = table[(table.part == "line") & (table.needed > 1)]
    assert above["shift"].tolist() == [0.8] and above.cost.tolist() == [0.1]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"chance": 1.2}, "chance is 1.2; expected a number from 0 to 1"),
        ({"shift": 0.9}, "shift is 0.9; expected a number from 0 to 0.8"),
        ({"shift": -0.1}, "shift is -0.1"),
        ({"cost_weaker": -1}, "cost_weaker is -1; expected a number from 0"),
        ({"cost_stronger": -1}, "cost_stronger is -1"),
        ({"discount": 1.5}, "discount is 1.5; expected a number from 0 to 1"),
        ({"discount": 0}, "discount is 0; expected a number above 0"),
    ],
)
def test_numbers_without_a_meaning_are_refused(changed, said):
    given = {"chance": 0.8, "shift": 0.2, "cost_weaker": 0.1, "cost_stronger": 0.1, "discount": 0.9} | changed
    with pytest.raises(ValueError, match=said):
        needed_today(**given)
