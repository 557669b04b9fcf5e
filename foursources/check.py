"""Check the answer that a student's own code has computed: say what is wrong, never what is right."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from foursources.selfcheck import Question, find


class Verdict:
    """What `check` found; shown as text and as HTML.

    Attributes
    ----------
    passed : bool
    message : str
    """

    def __init__(self, passed: bool, message: str) -> None:
        self.passed, self.message = passed, message

    def __repr__(self) -> str:
        return ("✓ " if self.passed else "✗ ") + self.message


_NO_ANSWER = "There is no answer yet: put your result in the place of the three dots."


def check(question_id: str, answer: Any) -> Verdict:  # noqa: ANN401
    """Check a computed answer against a question of the bank.

    Parameters
    ----------
    question_id : str
        The ``id`` of the question that the answer belongs to.
    answer : number, mapping of item to match, or iterable of option numbers counted from 1
        ``None`` or ``...`` means that there is no answer yet.

    Returns
    -------
    Verdict
        Whether the answer holds, and if not, what is wrong with it.

    Examples
    --------
    >>> check("calendar-dates", 4)
    ✗ Not 4: Four is the number of calendar dates. One provision sets two of them.
    """
    question = find(question_id)
    if answer is None or answer is ...:
        return Verdict(False, _NO_ANSWER)
    match question.kind:
        case "number":
            return _number(question, answer)
        case "match":
            return _match(question, answer)
        case _:
            return _options(question, answer)


def _number(question: Question, answer: Any) -> Verdict:  # noqa: ANN401
    try:
        value = float(answer)
    except (TypeError, ValueError):
        return Verdict(False, f"Your answer is a {type(answer).__name__}; expected one number.")
    if math.isnan(value):
        return Verdict(False, "Your answer is NaN: a value was missing in the calculation.")
    if abs(value - question.answer) <= question.tolerance + 1e-9:
        return Verdict(True, f"{value:g} {question.unit}".strip() + " is right.")
    for mistake in question.mistakes:
        if math.isclose(value, mistake["value"], abs_tol=question.tolerance + 1e-9):
            return Verdict(False, f"Not {value:g}: {mistake['feedback']}")
    size = "large" if value > question.answer else "small"
    return Verdict(
        False, f"{value:g} is too {size}. Read the question again: which rows does it ask for, in which unit?"
    )


def _match(question: Question, answer: Any) -> Verdict:  # noqa: ANN401
    if hasattr(answer, "to_dict"):
        answer = answer.to_dict()
    if not isinstance(answer, Mapping):
        return Verdict(False, f"Your answer is a {type(answer).__name__}; expected a dictionary from item to match.")
    if any(value is ... for value in answer.values()):
        return Verdict(False, _NO_ANSWER)
    given = {str(k): _plain(v) for k, v in answer.items()}
    wanted = {p["item"]: p["match"] for p in question.pairs}
    if unknown := given.keys() - wanted.keys():
        return Verdict(
            False, f"{', '.join(sorted(unknown))}: not an item of the question; expected {', '.join(wanted)}."
        )
    if missing := [item for item in wanted if item not in given]:
        return Verdict(False, f"Nothing is said about {', '.join(missing)}.")
    if wrong := [item for item, match in wanted.items() if given[item] != match]:
        return Verdict(False, f"Look again at {', '.join(wrong)}.")
    return Verdict(True, "All items are matched.")


def _plain(value: Any) -> str:  # noqa: ANN401
    """Write a value as the question does: 10.0 and 10 are the same answer."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _options(question: Question, answer: Any) -> Verdict:  # noqa: ANN401
    chosen = {answer} if isinstance(answer, int) else set(answer) if isinstance(answer, Iterable) else set()
    right = {i for i, option in enumerate(question.options, 1) if option["correct"]}
    if not chosen or not chosen <= set(range(1, len(question.options) + 1)):
        return Verdict(False, f"Expected the number of an option, from 1 to {len(question.options)}.")
    if wrong := sorted(chosen - right):
        return Verdict(False, f"Option {wrong[0]}: {question.options[wrong[0] - 1]['feedback']}")
    if question.kind == "choices" and chosen != right:
        return Verdict(False, "What you chose is right, but something is still missing.")
    return Verdict(True, "That is right.")
