"""Lists that a reader filters: the claim microscope and the timeline."""

import pytest

from foursources.data import load

LISTS = ["book/claims.html", "book/timeline.html"]


def shown(page):
    return page.locator(".fs-browse li[data-facets]:visible").count()


def choose(page, box, index, by):
    if by == "mouse":
        box.select_option(index=index)
    else:
        box.focus()
        page.keyboard.press("Home")
        for _ in range(index):
            page.keyboard.press("ArrowDown")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_every_filter_shows_as_many_records_as_it_says(look_at, path, by):
    page = look_at(path).page
    boxes = page.locator(".fs-browse select")
    for box in boxes.all():
        choose(page, box, 0, by)
    everything = shown(page)
    for box in boxes.all():
        for index in range(1, box.locator("option").count()):
            choose(page, box, index, by)
            promised = box.locator("option").nth(index).inner_text()
            assert 0 < shown(page) < everything and promised.endswith(f"({shown(page)})")
            assert page.locator(".fs-count").inner_text().startswith(f"{shown(page)} of {everything} ")
            assert (
                page.locator(".fs-browse section:visible h3").count()
                == page.locator(".fs-browse section:visible").count()
            ), "an empty group has no heading"
        choose(page, box, 0, by)


def test_filters_work_together_and_say_what_is_left(visit):
    page = visit("book/claims.html").page
    claims = load("claims")
    page.locator("#claims-source").select_option("evn-2023")
    page.locator("#claims-voice").select_option("anonymous")
    wanted = claims.query("source_id == 'evn-2023' and voice == 'anonymous'")
    assert shown(page) == len(wanted)
    page.locator("#claims-topic").select_option("mediation")
    assert shown(page) == (wanted.topic == "mediation").sum()
    option = page.locator("#claims-source").locator("option", has_text="turan-2024")
    assert option.inner_text() == "turan-2024 (0)"
    page.locator("#claims-source").select_option("turan-2024")
    assert page.locator(".fs-count").inner_text() == "No claims fit these choices."


def test_a_search_finds_words_and_every_state_can_be_linked_to(visit):
    visited = visit("book/claims.html")
    page = visited.page
    page.locator("#claims-source").select_option("All")
    page.locator("#claims-search").type("Checkpoint")
    found = page.locator(".fs-browse li:visible").all_inner_texts()
    assert found and all("checkpoint" in text.lower() for text in found)
    again = visit("book/claims.html#" + page.url.split("#", 1)[1])
    assert again.page.locator(".fs-browse li:visible").all_inner_texts() == found
    again.page.goto(visited.base + "book/claims.html#claims?Source=nobody&search=")
    assert shown(again.page) == len(load("claims")) and again.complaints == []


def test_a_link_to_one_record_shows_it_whatever_was_chosen(visit):
    page = visit("book/claims.html#evn-2023-p6-1").page
    entry = page.locator("#evn-2023-p6-1")
    assert entry.is_visible()
    top = entry.evaluate("e => e.getBoundingClientRect().top")
    assert 0 <= top < 300, "the page scrolls to it, below the header"


@pytest.mark.parametrize("path", LISTS)
def test_the_whole_list_is_there_without_scripts(visit, path):
    page = visit(path, java_script_enabled=False).page
    table = "claims" if "claims" in path else "events"
    assert shown(page) == len(load(table))
    assert page.locator(".fs-browse form").is_hidden(), "a control that does nothing is not shown"


def test_the_claim_shows_who_speaks_from_when_and_what_is_not_known(visit):
    page = visit("book/claims.html#cpc-2022-p7-1").page
    claim = load("claims").set_index("claim_id").loc["cpc-2022-p7-1"]
    said = page.locator("#cpc-2022-p7-1").inner_text()
    assert claim.paraphrase in said and claim.not_known in said and claim.voice in said
    assert page.locator(".fs-browse section", has=page.locator("#cpc-2022-p7-1")).locator("h3 a").get_attribute(
        "href"
    ) == ("sources.html#cpc-2022-p7")


def test_an_event_names_every_source_that_mentions_it(visit):
    page = visit("book/timeline.html#war-2020", 390).page
    mentions = load("event_mentions").query("event_id == 'war-2020'")
    links = page.locator("#war-2020 a").evaluate_all("links => links.map(a => a.textContent)")
    assert links[: len(mentions)] == list(mentions.source_id + " " + mentions.locator)


def test_the_tables_can_be_taken_away(visit, site):
    page = visit("book/data.html").page
    links = page.locator(".fs-dictionary a[download]").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    assert len(links) == len(list((site / "book" / "data").glob("*.csv"))) > 30
    assert all((site / "book" / link).is_file() for link in links)
