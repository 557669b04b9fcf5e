"""Measure how far two coders agree: a number about their rule and their work, not about who is right."""

import math
from collections import Counter
from collections.abc import Hashable, Sequence

import pandas as pd


def observed_agreement(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Return the share of items to which two coders give the same code.

    Parameters
    ----------
    first, second : sequence
        The codes of each coder, item by item in the same order.

    Returns
    -------
    float
        Share of items, without unit, from 0 to 1.

    Raises
    ------
    ValueError
        If there is no item, the coders differ in the number of items, or a code is missing.

    Examples
    --------
    >>> observed_agreement(["talk", "talk", "force", "force"], ["talk", "force", "force", "force"])
    0.75
    """
    first, second = _checked(first, second)
    return sum(a == b for a, b in zip(first, second, strict=True)) / len(first)


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Return the agreement of two coders beyond chance (Cohen, 1960).

    Chance is what two coders would agree on if each gave out the same codes as often, but blindly. Kappa does not
    know that codes can be near to each other: it counts 7 beside 8 as the same miss as 1 beside 9.

    Parameters
    ----------
    first, second : sequence
        The codes of each coder, item by item in the same order.

    Returns
    -------
    float
        Without unit: 1 for full agreement, 0 for no more than chance, below 0 for less; not a number (``nan``) where
        both coders use one and the same code throughout, so that chance alone would explain everything.

    Raises
    ------
    ValueError
        If there is no item, the coders differ in the number of items, or a code is missing.

    Examples
    --------
    >>> cohen_kappa(["talk", "talk", "force", "force"], ["talk", "force", "force", "force"])
    0.5
    """
    first, second = _checked(first, second)
    items = len(first)
    counts, others = Counter(first), Counter(second)
    same = sum(a == b for a, b in zip(first, second, strict=True))
    by_chance = sum(counts[code] * others[code] for code in counts)  # whole numbers, so that 1 comes out as 1
    if by_chance == items**2:
        return math.nan
    return (same * items - by_chance) / (items**2 - by_chance)


def _checked(first: Sequence[Hashable], second: Sequence[Hashable]) -> tuple[list[Hashable], list[Hashable]]:
    first, second = list(first), list(second)
    if not first or len(first) != len(second):
        raise ValueError(
            f"The first coder has {len(first)} codes and the second {len(second)}; expected one code of each coder "
            "for every item, and at least one item."
        )
    for coder, codes in (("first", first), ("second", second)):
        for place, code in enumerate(codes, 1):
            if pd.api.types.is_scalar(code) and pd.isna(code):
                raise ValueError(
                    f"The {coder} coder has no code for item {place}; leave the item out for both coders, or give "
                    "what cannot be coded a code of its own."
                )
    return first, second
