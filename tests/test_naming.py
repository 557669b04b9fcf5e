"""The naming policy: loaded words have a speaker in their sentence, paired names stand together."""

import json

import pytest

from foursources import coursetext, naming
from foursources.data import load
from foursources.naming import problems_of_naming

WORDS_OF_THE_POLICY = (
    "liberated occupied terrorist separatists aggressor regime dictator ethnic-cleansing genocide Artsakh Zangezur"
)


def found(sentence, where="book/page.md"):
    return list(problems_of_naming(where, sentence))


@pytest.mark.parametrize("word", WORDS_OF_THE_POLICY.split())
def test_each_word_of_the_policy_needs_a_speaker_in_its_sentence(word):
    word = word.replace("-", " ")
    assert len(found(f"The {word} question came back in spring.")) == 1
    assert found(f"Baku, the author says, raised the {word} question again.") == []
    assert found(f"They met “the {word} question” again.") == [], "a quotation has its locator"
    assert len(found(f"Baku said so. The {word} question came back.")) == 1, "a speaker in another sentence is none"
    assert len(found(f"Armenia and the {word} question.")) == 1, "a name without a verb of saying is no speaker"
    assert len(found(f"Some say that the {word} question came back.")) == 1, "somebody is no speaker"


def test_a_problem_says_what_stands_where_and_what_was_expected():
    [problem] = found("In spring the occupied districts were quiet.")
    assert problem == (
        "the loaded word 'occupied' (occup*) has no speaker in its sentence: “In spring the occupied districts were "
        "quiet.”; expected the speaker, or: territories then under Armenian control"
    )


def test_a_single_name_of_a_pair_is_caught():
    [problem] = found("The road to Shusha was open.")
    assert "the name 'Shusha' stands alone" in problem and problem.endswith("expected Shusha/Shushi")
    assert len(found("The road to Stepanakert was open.")) == 1
    assert found("The road to Shusha/Shushi and on to Khankendi/Stepanakert was open.") == []
    assert found("The Lachin corridor is the statement's own term.") == []


def test_a_link_target_is_not_prose():
    assert found("[A report](https://example.org/shusha-liberated) came out.") == []


def test_the_check_looks_into_text_code_data_and_file_names(tmp_path):
    book = tmp_path / "book"
    book.mkdir()
    (book / "page.md").write_text("The occupied districts.\n", encoding="utf-8")
    (book / "chapter.ipynb").write_text(
        json.dumps({"cells": [{"source": ["chart.properties(description='Occupied districts, by year')"]}]}),
        encoding="utf-8",
    )
    (book / "occupied-districts.svg").write_text("", encoding="utf-8")
    assert [problem.split(":")[0] for problem in coursetext.check(tmp_path)] == [
        "book/page.md",
        "book/chapter.ipynb, cell 1",
        "book/occupied-districts.svg",
    ]


def test_names_of_a_pair_stand_in_alphabetical_order():
    for name in load("places").name:
        assert name.split("/") == sorted(name.split("/")), name


def test_every_exception_has_a_reason_and_is_still_needed(monkeypatch):
    exceptions = load("loaded_word_exceptions")
    assert exceptions.reason.map(len).min() > 10
    strict = naming._policy()._replace(exceptions=[])
    monkeypatch.setattr(naming, "_policy", lambda: strict)
    caught = []

    def record(where, text):
        problems = list(problems_of_naming(where, text))
        caught.extend([(where, text)] * bool(problems))
        return problems

    monkeypatch.setattr(naming, "problems_of_naming", record)
    list(coursetext.check())
    for place, words in zip(exceptions.place, exceptions.words, strict=True):
        assert any(where.startswith(place) and words in text for where, text in caught), f"{place}: {words} needs none"
