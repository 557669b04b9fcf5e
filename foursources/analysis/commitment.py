"""The commitment problem as a small stylised model: why a promise for tomorrow may be too little today.

Two sides share something worth 1 in each of two periods. Today the side that will grow weaker can accept a division or
fight; a fight settles both periods. Tomorrow its chance to win is smaller, and the side that grew stronger keeps only
what it would not gain by breaking its word. So a promise of more is not believed, whatever was meant by it. The logic
is that of Fearon (1995) on preventive war and of Powell (2006) on shifting power; the form is reduced for teaching and
fits no particular war.
"""

from collections.abc import Iterable

import pandas as pd


def kept_tomorrow(chance: float, shift: float, cost_stronger: float) -> float:
    """Return the share that the weaker side can still count on after power has shifted.

    Parameters
    ----------
    chance : float
        Chance of the weaker side to win if it fights today, from 0 to 1.
    shift : float
        How much of this chance it loses between the periods, from 0 to `chance`.
    cost_stronger : float
        What breaking the promise costs the stronger side, as a part of what is shared in one period, from 0. A
        mechanism that restrains it raises this cost.

    Raises
    ------
    ValueError
        If a value lies outside its bounds.

    Examples
    --------
    >>> round(kept_tomorrow(chance=0.8, shift=0.5, cost_stronger=0.1), 2)
    0.4
    """
    _within("chance", chance, 1)
    _within("shift", shift, chance)
    _within("cost_stronger", cost_stronger)
    return min(1.0, chance - shift + cost_stronger)


def needed_today(chance: float, shift: float, cost_weaker: float, cost_stronger: float, discount: float = 0.9) -> float:
    """Return the share that the weaker side must get today so that it does not prefer to fight.

    A result above 1 is more than there is to share: no division of today makes up for the promise that cannot bind.

    Parameters
    ----------
    chance, shift, cost_stronger : float
        As in `kept_tomorrow`.
    cost_weaker : float
        What a fight costs the weaker side, in the same unit, from 0.
    discount : float, optional
        Weight of tomorrow beside today, above 0 and up to 1.

    Returns
    -------
    float
        A share of what can be divided today; 0 where the weaker side would accept any division.

    Raises
    ------
    ValueError
        If a value lies outside its bounds.

    Examples
    --------
    >>> round(needed_today(chance=0.8, shift=0.2, cost_weaker=0.1, cost_stronger=0.1), 2)
    0.79
    >>> round(needed_today(chance=0.8, shift=0.6, cost_weaker=0.1, cost_stronger=0.1), 2)
    1.15
    """
    _check_fight(cost_weaker, discount)
    fight = chance * (1 + discount) - cost_weaker
    return max(0.0, fight - discount * kept_tomorrow(chance, shift, cost_stronger))


def largest_shift(chance: float, cost_weaker: float, cost_stronger: float, discount: float = 0.9) -> float | None:
    """Return the largest shift of power at which some division of today still makes up for it.

    Parameters
    ----------
    chance, cost_weaker, cost_stronger, discount : float
        As in `needed_today`.

    Returns
    -------
    float or None
        The shift at which `needed_today` is 1; none if even the loss of the whole chance leaves a division that holds.

    Examples
    --------
    >>> round(largest_shift(chance=0.8, cost_weaker=0.1, cost_stronger=0.1), 3)
    0.433
    >>> largest_shift(chance=0.5, cost_weaker=0.1, cost_stronger=0.1)
    """
    kept_tomorrow(chance, 0, cost_stronger)
    _check_fight(cost_weaker, discount)
    shift = cost_stronger + (1 - chance + cost_weaker) / discount
    return shift if shift < chance else None


def curves(
    costs: Iterable[float], shifts: Iterable[float], chance: float, cost_weaker: float, discount: float = 0.9
) -> pd.DataFrame:
    """Tabulate the model for several costs of breaking a promise.

    Parameters
    ----------
    costs : iterable of float
        Values of ``cost_stronger``.
    shifts : iterable of float
        Shifts of power, in the order of a line.
    chance, cost_weaker, discount : float
        As in `needed_today`.

    Returns
    -------
    pandas.DataFrame
        Columns ``part``, ``cost``, ``shift`` and ``needed``. A row whose part is ``line`` has the share needed at a
        shift; one whose part is ``limit`` has the `largest_shift`, where there is one, with a needed share of 1.

    Examples
    --------
    >>> curves([0.1], [0.2], chance=0.8, cost_weaker=0.1).round(2).values.tolist()
    [['limit', 0.1, 0.43, 1.0], ['line', 0.1, 0.2, 0.79]]
    """
    shifts = list(shifts)
    rows: list[tuple[str, float, float, float]] = []
    for cost in costs:
        if (limit := largest_shift(chance, cost_weaker, cost, discount)) is not None:
            rows.append(("limit", cost, limit, 1.0))
        rows += [("line", cost, s, needed_today(chance, s, cost_weaker, cost, discount)) for s in shifts]
    return pd.DataFrame(rows, columns=["part", "cost", "shift", "needed"])


def _check_fight(cost_weaker: float, discount: float) -> None:
    _within("cost_weaker", cost_weaker)
    _within("discount", discount, 1)
    if discount == 0:
        raise ValueError("discount is 0; expected a number above 0, or tomorrow would not count at all.")


def _within(name: str, value: float, most: float | None = None) -> None:
    if value < 0 or (most is not None and value > most):
        bounds = "from 0" if most is None else f"from 0 to {most:g}"
        raise ValueError(f"{name} is {value:g}; expected a number {bounds}.")
