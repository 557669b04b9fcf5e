"""Quotations stand where they are said to stand, and the course repeats no source."""

import pytest

from foursources import coursetext
from foursources.data import load
from foursources.provenance import (
    echoes,
    make_fingerprint,
    problems_of_prose,
    read_fingerprints,
    save,
    save_locators,
    stands_at,
)

INVENTED = """# valley-2001

[P1] The river rose in the night, and by morning the lower mill stood in water up to its second row of windows.

[P2] Nobody in the upper village had closed the sluice, the miller’s “friends” said; nobody had opened it either.

[fn1] The county kept no record of it.
"""

# A quotation (11 words) from turan-2024 P7, the only one here, to show that real fingerprints find real words.
QUOTED = "requires addressing deeply rooted issues through sustained dialogue and international support"


@pytest.fixture
def valley():
    return make_fingerprint("valley-2001", INVENTED)


@pytest.mark.parametrize(
    "quotation", ["river", "in the night", "by morning the lower mill stood in water up to its second"]
)
def test_a_quotation_stands_at_its_place(valley, quotation):
    assert stands_at(quotation, valley, "P1")


def test_quotes_case_and_spaces_make_no_difference(valley):
    assert stands_at("Nobody in the  upper village had closed the sluice, the miller's friends said", valley, "P2")
    assert stands_at("The river rose … the lower mill", valley, "P1")


@pytest.mark.parametrize(
    ("quotation", "locator"),
    [
        ("the river fell in the night", "P1"),
        ("the lower mill stood in fire", "P1"),
        ("the river rose in the night", "P2"),
        ("mill lower", "P1"),
        ("sea", "P1"),
        ("the river rose in the night", "P9"),
        ("", "P1"),
    ],
)
def test_other_words_another_order_or_another_place_do_not_pass(valley, quotation, locator):
    assert not stands_at(quotation, valley, locator)


def test_a_stored_fingerprint_reads_back_the_same_and_holds_no_text(valley, tmp_path):
    path = save(valley, tmp_path)
    assert read_fingerprints(tmp_path) == {"valley-2001": valley}
    stored = path.read_text(encoding="utf-8")
    assert "river" not in stored and "sluice" not in stored


def test_locators_replace_those_that_a_source_had(valley, tmp_path):
    table = tmp_path / "locators.csv"
    table.write_text(
        "source_id,locator,kind,position\na-2000,P1,paragraph,1\nvalley-2001,P9,paragraph,1\nz-2000,P1,paragraph,1\n"
    )
    save_locators(valley, table)
    assert table.read_text().splitlines()[1:] == [
        "a-2000,P1,paragraph,1",
        "valley-2001,P1,paragraph,1",
        "valley-2001,P2,paragraph,2",
        "valley-2001,fn1,footnote,3",
        "z-2000,P1,paragraph,1",
    ]


def test_a_text_without_locators_is_refused():
    with pytest.raises(ValueError, match=r"valley-2001: no paragraph begins with a locator"):
        make_fingerprint("valley-2001", "The river rose in the night.")


def test_a_planted_quotation_is_caught():
    link = "([turan-2024 P4](sources.md#turan-2024-p4))"
    assert list(problems_of_prose(f"The agency adds “not without reason” {link}.")) == []
    assert list(problems_of_prose(f"The agency adds “not without good reason” {link}.")) == [
        "“not without good reason” does not stand word for word at turan-2024 P4"
    ]
    moved = link.replace("P4", "P5").replace("p4", "p5")
    assert list(problems_of_prose(f"The agency adds “not without reason” {moved}."))
    assert list(problems_of_prose("The agency adds “not without reason”.")) == [
        "“not without reason” has no locator link behind it in its paragraph"
    ]
    unknown = link.replace("P4", "P44").replace("p4", "p44")
    assert "does not exist" in next(problems_of_prose(f"The agency adds “not without reason” {unknown}."))
    long = " ".join(["reason"] * 26)
    assert "has 26 words; expected at most 25" in next(problems_of_prose(f"It adds “{long}” {link}."))


def test_planted_copying_is_caught():
    assert list(echoes(f"Lasting peace {QUOTED}, says the agency.")) == [
        f"11 consecutive words of turan-2024 P7: {QUOTED}"
    ]
    ten, nine = " ".join(QUOTED.split()[:10]), " ".join(QUOTED.split()[:9])
    assert next(echoes(f"It {ten} now.")).startswith("10 consecutive words of turan-2024 P7")
    assert list(echoes(f"It {nine} now.")) == [], "nine words are still allowed"
    assert list(echoes(f"It “{QUOTED}” now.")) == [], "a quotation is no copying"


def test_the_check_looks_into_every_kind_of_course_text(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "exercises" / "questions").mkdir(parents=True)
    (tmp_path / "book" / "page.md").write_text(f"It {QUOTED}.\n", encoding="utf-8")
    (tmp_path / "README.md").write_text(f"- It {QUOTED}.\n", encoding="utf-8")
    (tmp_path / "book" / "chapter.ipynb").write_text(
        '{"cells": [{"source": ["title = \'Peace ' + QUOTED + "'\"]}]}", encoding="utf-8"
    )
    (tmp_path / "exercises" / "questions" / "q.yml").write_text(
        f"- id: planted\n  options:\n    - text: It {QUOTED}\n", encoding="utf-8"
    )
    found = [problem.split(":")[0] for problem in coursetext.check(tmp_path)]
    assert found == [
        "README.md",
        "book/page.md",
        "book/chapter.ipynb, cell 1",
        "exercises/questions/q.yml, question planted",
    ]


def test_every_quotation_and_paraphrase_of_the_course_is_in_order():
    assert list(coursetext.check()) == []
    assert sum("“" in paragraph.text for paragraph in coursetext.paragraphs()) > 50, "the check found nothing to check"


def test_fingerprints_and_locators_name_the_same_places():
    assert list(coursetext.fingerprints_match_locators()) == []
    table = load("locators")
    assert (table.kind != "footnote").sum() == 89
