"""The bank of self-checks for a learning management system: Moodle XML, and QTI 1.2 as Canvas imports it.

Formats: Moodle Docs, *Moodle XML format*; 1EdTech, *Question and Test Interoperability* 1.2 (2002), with the question
types that Canvas writes itself. A match is one question with a menu for each item.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import yaml

from foursources import markup
from foursources.selfcheck import QUESTIONS, Question, read_bank

_PLACE = re.compile(r'<a href="(?:[\w-]+\.(?:md|ipynb|html)[^"]*)">(.*?)</a>')
_WHEN = (2020, 1, 1, 0, 0, 0)
_TYPES = {
    "choice": "multiple_choice_question",
    "choices": "multiple_answers_question",
    "number": "numerical_question",
    "match": "matching_question",
}


def write(out: Path) -> list[Path]:
    """Write for each chapter a Moodle XML file and a QTI package; return their paths.

    A question of one choice that accepts several answers becomes, for Moodle, one in which each of them earns all
    points, and for Canvas likewise.
    """
    out.mkdir(parents=True, exist_ok=True)
    bank, paths = read_bank(), []
    for source in sorted(QUESTIONS.glob("*.yml")):
        questions = [bank[entry["id"]] for entry in yaml.safe_load(source.read_text(encoding="utf-8"))]
        moodle, canvas = out / f"{source.stem}-moodle.xml", out / f"{source.stem}-canvas.zip"
        moodle.write_bytes(moodle_xml(questions, source.stem))
        canvas.write_bytes(qti_package(questions, source.stem))
        paths += [moodle, canvas]
    return paths


def moodle_xml(questions: Iterable[Question], category: str) -> bytes:
    """Return questions as Moodle XML, in a category of its own."""
    quiz = Element("quiz")
    _text(
        SubElement(SubElement(quiz, "question", type="category"), "category"), f"$course$/top/Four Sources/{category}"
    )
    kinds = {"choice": "multichoice", "choices": "multichoice", "number": "numerical", "match": "matching"}
    for question in questions:
        item = SubElement(quiz, "question", type=kinds[question.kind])
        _text(SubElement(item, "name"), question.id)
        _html(SubElement(item, "questiontext", format="html"), question.prompt)
        # Moodle has no feedback for one pair of a match, so it stands with the explanation.
        pairs = "".join(f"\n- {pair['item']}: **{pair['match']}**. {pair['feedback']}" for pair in question.pairs)
        _html(SubElement(item, "generalfeedback", format="html"), f"{_after(question)}\n{pairs}")
        if question.kind in ("choice", "choices"):
            SubElement(item, "single").text = "true" if question.kind == "choice" else "false"
            SubElement(item, "shuffleanswers").text = "true"
            for option, share in zip(question.options, _fractions(question), strict=True):
                answer = SubElement(item, "answer", fraction=share, format="html")
                _html(answer, option["text"])
                _html(SubElement(answer, "feedback", format="html"), option["feedback"])
        elif question.kind == "number":
            values = [(question.answer, "100", "", question.tolerance)]
            values += [(wrong["value"], "0", wrong["feedback"], 0) for wrong in question.mistakes]
            for value, share, feedback, tolerance in values:
                answer = SubElement(item, "answer", fraction=share)
                SubElement(answer, "text").text = f"{value:g}" if abs(value) < 1e5 else str(value)
                SubElement(answer, "tolerance").text = f"{tolerance:g}"
                _html(SubElement(answer, "feedback", format="html"), feedback)
        else:
            SubElement(item, "shuffleanswers").text = "true"
            for pair in question.pairs:
                sub = SubElement(item, "subquestion", format="html")
                _html(sub, pair["item"])
                _text(SubElement(sub, "answer"), pair["match"])
            for other in question.distractors:
                sub = SubElement(item, "subquestion", format="html")
                _html(sub, "")
                _text(SubElement(sub, "answer"), str(other))
    return _xml(quiz)


def qti_package(questions: Iterable[Question], title: str) -> bytes:
    """Return questions as a zip with QTI 1.2, as Canvas imports it."""
    root = Element("questestinterop", xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2")
    assessment = SubElement(root, "assessment", ident=f"foursources-{title}", title=f"Four Sources: {title}")
    section = SubElement(assessment, "section", ident="root_section")
    for question in questions:
        _item(section, question)
    manifest = Element("manifest", identifier=f"foursources-{title}", xmlns="http://www.imsglobal.org/xsd/imscp_v1p1")
    SubElement(manifest, "organizations")
    resource = SubElement(
        SubElement(manifest, "resources"), "resource", identifier="quiz", type="imsqti_xmlv1p2", href="quiz.xml"
    )
    SubElement(resource, "file", href="quiz.xml")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, tree in (("imsmanifest.xml", manifest), ("quiz.xml", root)):
            archive.writestr(zipfile.ZipInfo(name, _WHEN), _xml(tree), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _item(section: Element, question: Question) -> None:
    item = SubElement(section, "item", ident=question.id, title=question.id)
    fields = SubElement(SubElement(item, "itemmetadata"), "qtimetadata")
    for label, entry in (("question_type", _TYPES[question.kind]), ("points_possible", "1")):
        field = SubElement(fields, "qtimetadatafield")
        SubElement(field, "fieldlabel").text, SubElement(field, "fieldentry").text = label, entry
    shown = SubElement(item, "presentation")
    _mattext(shown, question.prompt)
    scored = SubElement(item, "resprocessing")
    SubElement(
        SubElement(scored, "outcomes"), "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal"
    )
    feedback = {"general_fb": _after(question)}
    _respond(_condition(scored, go_on=True), "general_fb")
    parts = {"choice": _choice, "choices": _choices, "number": _number, "match": _match}
    feedback |= parts[question.kind](question, shown, scored)
    for ident, text in feedback.items():
        _mattext(SubElement(SubElement(item, "itemfeedback", ident=ident), "flow_mat"), text)


def _choice(question: Question, shown: Element, scored: Element) -> dict[str, str]:
    said = {}
    choices = SubElement(SubElement(shown, "response_lid", ident="r", rcardinality="Single"), "render_choice")
    for number, option in enumerate(question.options, 1):
        _mattext(SubElement(choices, "response_label", ident=str(number)), option["text"])
        said[f"{number}_fb"] = option["feedback"]
        condition = _condition(scored, go_on=True, equal=("r", str(number)))
        _respond(condition, f"{number}_fb")
    for number, option in enumerate(question.options, 1):
        if option["correct"]:
            _score(_condition(scored, equal=("r", str(number))), 100, "Set")
    return said


def _choices(question: Question, shown: Element, scored: Element) -> dict[str, str]:
    said = {}
    choices = SubElement(SubElement(shown, "response_lid", ident="r", rcardinality="Multiple"), "render_choice")
    for number, option in enumerate(question.options, 1):
        _mattext(SubElement(choices, "response_label", ident=str(number)), option["text"])
        said[f"{number}_fb"] = option["feedback"]
        _respond(_condition(scored, go_on=True, equal=("r", str(number))), f"{number}_fb")
    condition = SubElement(scored, "respcondition", attrib={"continue": "No"})
    every = SubElement(SubElement(condition, "conditionvar"), "and")
    for number, option in enumerate(question.options, 1):
        place = every if option["correct"] else SubElement(every, "not")
        SubElement(place, "varequal", respident="r").text = str(number)
    _score(condition, 100, "Set")
    return said


def _number(question: Question, shown: Element, scored: Element) -> dict[str, str]:
    said = {}
    blank = SubElement(
        SubElement(shown, "response_str", ident="r", rcardinality="Single"), "render_fib", fibtype="Decimal"
    )
    SubElement(blank, "response_label", ident="answer")
    for number, wrong in enumerate(question.mistakes, 1):
        said[f"{number}_fb"] = wrong["feedback"]
        _respond(_condition(scored, go_on=True, equal=("r", str(wrong["value"]))), f"{number}_fb")
    condition = SubElement(scored, "respcondition", attrib={"continue": "No"})
    either = SubElement(SubElement(condition, "conditionvar"), "or")
    SubElement(either, "varequal", respident="r").text = str(question.answer)
    within = SubElement(either, "and")
    SubElement(within, "vargte", respident="r").text = str(question.answer - question.tolerance)
    SubElement(within, "varlte", respident="r").text = str(question.answer + question.tolerance)
    _score(condition, 100, "Set")
    return said


def _match(question: Question, shown: Element, scored: Element) -> dict[str, str]:
    said = {}
    matches = list(dict.fromkeys([*(pair["match"] for pair in question.pairs), *map(str, question.distractors)]))
    share = 100 / len(question.pairs)
    for number, pair in enumerate(question.pairs, 1):
        response = SubElement(shown, "response_lid", ident=f"r{number}")
        _mattext(response, pair["item"])
        menu = SubElement(response, "render_choice")
        for place, match in enumerate(matches, 1):
            label = SubElement(SubElement(menu, "response_label", ident=str(place)), "material")
            SubElement(label, "mattext", texttype="text/plain").text = match  # a menu cannot show HTML
        right = str(matches.index(pair["match"]) + 1)
        _score(_condition(scored, go_on=True, equal=(f"r{number}", right)), share, "Add")
        said[f"{number}_fb"] = pair["feedback"]
        wrong = SubElement(scored, "respcondition", attrib={"continue": "Yes"})
        no = SubElement(SubElement(wrong, "conditionvar"), "not")
        SubElement(no, "varequal", respident=f"r{number}").text = right
        _respond(wrong, f"{number}_fb")
    return said


def _condition(scored: Element, go_on: bool = False, equal: tuple[str, str] | None = None) -> Element:
    condition = SubElement(scored, "respcondition", attrib={"continue": "Yes" if go_on else "No"})
    test = SubElement(condition, "conditionvar")
    if equal:
        SubElement(test, "varequal", respident=equal[0]).text = equal[1]
    else:
        SubElement(test, "other")
    return condition


def _respond(condition: Element, ident: str) -> None:
    SubElement(condition, "displayfeedback", feedbacktype="Response", linkrefid=ident)


def _score(condition: Element, points: float, action: str) -> None:
    SubElement(condition, "setvar", action=action, varname="SCORE").text = f"{points:.2f}"


def _fractions(question: Question) -> Iterator[str]:
    """Yield the share of each option: one right choice earns all; of several, each a part, and wrong ones cost."""
    right = sum(option["correct"] for option in question.options)
    for option in question.options:
        part = 100 if question.kind == "choice" else 100 / right
        yield (
            f"{part:.5f}".rstrip("0").rstrip(".") if option["correct"] else "0" if question.kind == "choice" else "-100"
        )


def _after(question: Question) -> str:
    return f"{question.explanation}\n\nEvidence: {question.evidence}"


def _words(text: str) -> str:
    """Render Markdown; links to pages of the book lead nowhere in an LMS, so only their words stay."""
    return _PLACE.sub(r"\1", markup.block(text))


def _text(place: Element, text: str) -> None:
    SubElement(place, "text").text = text


def _html(place: Element, text: str) -> None:
    SubElement(place, "text").text = _words(text)


def _mattext(place: Element, text: str) -> None:
    SubElement(SubElement(place, "material"), "mattext", texttype="text/html").text = _words(text)


def _xml(tree: Element) -> bytes:
    indent(tree)
    return tostring(tree, encoding="UTF-8", xml_declaration=True)
