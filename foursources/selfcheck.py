"""Questions that a reader answers in the page, with feedback and no kernel.

The bank is `exercises/questions/*.yml`. Feedback on a choice appears by style sheet alone, so it works without
JavaScript; a number or a match is checked by `selfcheck.js`, and its answer always stands under the question.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import yaml

from foursources import markup
from foursources.data import DATA

QUESTIONS = DATA.parent / "exercises" / "questions"

_COMMON = {"id": str, "kind": str, "prompt": str, "explanation": str, "evidence": str}
_OF_KIND = {
    "choice": {"options": list},
    "choices": {"options": list},
    "number": {"answer": (int, float), "tolerance": (int, float), "unit": str, "mistakes": list},
    "match": {"pairs": list, "distractors": list},
}
_OPTIONAL = {"tolerance", "unit", "mistakes", "distractors"}
_OPTION = {"text": str, "correct": bool, "feedback": str}
_MISTAKE = {"value": (int, float), "feedback": str}
_PAIR = {"item": str, "match": str, "feedback": str}


class QuestionError(ValueError):
    """The bank of questions is not valid, or lacks a question; the message has one line for each problem."""


@dataclass(frozen=True)
class Question:
    """One question of the bank.

    Attributes
    ----------
    id : str
        Name of the question, unique in the bank.
    kind : {"choice", "choices", "number", "match"}
        One choice, several choices, a number, or items to match.
    prompt, explanation, evidence : str
        Question, what to learn from it, and the locators that it rests on, in Markdown.
    options : list of dict
        For choices: ``text``, ``correct`` and ``feedback`` of each option.
    answer, tolerance : float
        For a number: the answer, and how far from it still counts, in the same `unit`.
    unit : str
    mistakes : list of dict
        For a number: ``value`` and ``feedback`` of wrong answers that readers are likely to give.
    pairs : list of dict
        For a match: ``item``, the ``match`` it takes, and ``feedback``.
    distractors : list of str
        For a match: further matches that fit no item.
    """

    id: str
    kind: str
    prompt: str
    explanation: str
    evidence: str
    options: list[dict[str, Any]] = field(default_factory=list)
    answer: float = 0
    tolerance: float = 0
    unit: str = ""
    mistakes: list[dict[str, Any]] = field(default_factory=list)
    pairs: list[dict[str, str]] = field(default_factory=list)
    distractors: list[str] = field(default_factory=list)

    def html(self) -> str:
        """Return the question as a form that can be answered without JavaScript."""
        body = {"choice": self._options, "choices": self._options, "number": self._number, "match": self._match}
        return (
            f'<div class="fs-check" id="check-{self.id}" data-kind="{self.kind}"><form><fieldset>'
            f"<legend>{markup.inline(self.prompt)}</legend>{body[self.kind]()}"
            '<p class="fs-tools" hidden><button type="button" class="fs-clear">Clear my answer</button>'
            ' <span role="status"></span></p></fieldset></form>'
            f"<details><summary>Answer and explanation</summary>{self._solution()}"
            f"{markup.block(self.explanation)}{markup.block('Evidence: ' + self.evidence)}</details></div>"
        )

    def matches(self) -> list[str]:
        """Return what the items of a match can be matched with, in alphabetical order."""
        return sorted({p["match"] for p in self.pairs} | set(self.distractors))

    def _options(self) -> str:
        kind = "radio" if self.kind == "choice" else "checkbox"
        rows = []
        for i, option in enumerate(self.options):
            key = f"check-{self.id}-{i}"
            word = "Yes." if option["correct"] else "No."
            rows.append(
                f'<div class="fs-option"><input type="{kind}" name="{self.id}" id="{key}" value="{i}"'
                f' data-correct="{str(option["correct"]).lower()}">'
                f'<label for="{key}">{markup.inline(option["text"])}</label>'
                f'<div class="fs-said"><strong>{word}</strong> {markup.inline(option["feedback"])}</div></div>'
            )
        return "".join(rows)

    def _number(self) -> str:
        key = f"check-{self.id}-0"
        said = [{"value": m["value"], "html": markup.inline(m["feedback"])} for m in self.mistakes]
        data = {"answer": self.answer, "tolerance": self.tolerance, "mistakes": said}
        return (
            f'<p class="fs-entry"><label for="{key}">Your answer</label> <input id="{key}" inputmode="decimal" size="8"'
            f' autocomplete="off"> {escape(self.unit)} <button type="button" class="fs-try" hidden>Check</button></p>'
            '<div class="fs-said" role="status"></div>'
            f"{markup.script_data(data)}"
        )

    def _match(self) -> str:
        options = "".join(f"<option>{escape(m)}</option>" for m in self.matches())
        rows = []
        for i, pair in enumerate(self.pairs):
            key = f"check-{self.id}-{i}"
            rows.append(
                f'<div class="fs-option fs-entry"><label for="{key}">{markup.inline(pair["item"])}</label> '
                f'<select id="{key}" data-answer="{escape(pair["match"])}">'
                f'<option value="">choose</option>{options}</select>'
                f'<div class="fs-said" role="status" data-feedback="{escape(markup.inline(pair["feedback"]))}">'
                "</div></div>"
            )
        return "".join(rows) + '<p><button type="button" class="fs-try" hidden>Check</button></p>'

    def _solution(self) -> str:
        match self.kind:
            case "number":
                said = f"{self.answer:g} {self.unit}".strip()
                return f"<p><strong>{escape(said)}</strong></p>"
            case "match":
                rows = "".join(
                    f"<li>{markup.inline(p['item'])}: <strong>{escape(p['match'])}</strong>. "
                    f"{markup.inline(p['feedback'])}</li>"
                    for p in self.pairs
                )
                return f"<ul>{rows}</ul>"
        right = "".join(f"<li>{markup.inline(o['text'])}</li>" for o in self.options if o["correct"])
        return f"<ul>{right}</ul>"


class SelfCheck:
    """A question as Jupyter shows it."""

    def __init__(self, question: Question) -> None:
        self.question = question

    def _repr_html_(self) -> str:
        return self.question.html()


def selfcheck(question_id: str) -> SelfCheck:
    """Show a question of the bank.

    Parameters
    ----------
    question_id : str
        The ``id`` of a question in `exercises/questions/*.yml`.

    Raises
    ------
    QuestionError
        If the bank is not valid, or has no question of that id.
    """
    return SelfCheck(find(question_id))


def find(question_id: str, folder: Path = QUESTIONS) -> Question:
    """Return a question of the bank by its id; see `selfcheck` for errors."""
    bank = read_bank(folder)
    if question_id not in bank:
        raise QuestionError(
            f"There is no question {question_id!r} in {folder}: choose one of {', '.join(sorted(bank))}."
        )
    return bank[question_id]


@lru_cache(maxsize=4)
def read_bank(folder: Path = QUESTIONS) -> dict[str, Question]:
    """Read all questions in a folder by id, after all of them have been validated."""
    if problems := list(validate(folder)):
        raise QuestionError("\n".join(problems))
    rows = [row for path in sorted(folder.glob("*.yml")) for row in yaml.safe_load(path.read_text(encoding="utf-8"))]
    return {row["id"]: Question(**row) for row in rows}


def validate(folder: Path = QUESTIONS) -> Iterator[str]:
    """Yield one sentence for each problem of the questions in a folder: where it is, and what was expected."""
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            rows = yaml.safe_load(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            yield f"{path.name}: this is not YAML ({' '.join(str(error).split())})."
            continue
        if not isinstance(rows, list):
            yield f"{path.name}: expected a list of questions, each beginning with `- id:`."
            continue
        for number, row in enumerate(rows, 1):
            name = row.get("id") if isinstance(row, dict) else None
            where = f"{path.name}, question {name or number}"
            if not isinstance(row, dict):
                yield f"{where}: expected keys and values, found {row!r}."
                continue
            yield from _problems_of_question(where, row)
            if name in seen:
                yield f"{where}: the id is taken by a question in {seen[name]}; expected a new one."
            seen[name] = path.name


def _problems_of_question(where: str, row: dict[str, Any]) -> Iterator[str]:
    kind = row.get("kind")
    if kind not in _OF_KIND:
        yield f"{where}, kind: found {kind!r}, expected one of {', '.join(_OF_KIND)}."
        return
    problems = list(_problems_of_keys(where, row, _COMMON | _OF_KIND[kind]))
    for key, parts in (("options", _OPTION), ("mistakes", _MISTAKE), ("pairs", _PAIR)):
        for number, part in enumerate(row.get(key) or [], 1):
            here = f"{where}, {key} {number}"
            if isinstance(part, dict):
                problems += _problems_of_keys(here, part, parts)
            else:
                problems.append(f"{here}: found {part!r}, expected the keys {', '.join(parts)}.")
    yield from problems
    if problems or kind not in ("choice", "choices"):
        return
    right = sum(option["correct"] for option in row["options"])
    if right == 0:
        yield f"{where}: no option is correct; expected `correct: true` on at least one."
    if right == len(row["options"]):
        yield f"{where}: every option is correct; expected at least one with `correct: false`."


def _problems_of_keys(where: str, row: dict[str, Any], expected: dict[str, Any]) -> Iterator[str]:
    for key in row.keys() - expected.keys():
        yield f"{where}: the key {key!r} is unknown; expected {', '.join(expected)}."
    for key, kind in expected.items():
        value = row.get(key)
        if value is None or value == "":
            if key not in _OPTIONAL:
                yield f"{where}: {key!r} is missing or empty; expected {_in_words(kind)}."
        elif not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            yield f"{where}, {key}: found {value!r}, expected {_in_words(kind)}."


def _in_words(kind: Any) -> str:  # noqa: ANN401
    return {str: "text", bool: "true or false", list: "a list"}.get(kind, "a number")
