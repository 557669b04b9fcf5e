"""Every page, served and from a folder: nothing asked elsewhere, nothing broken, nothing too wide, readable by all."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import CHAPTERS, PAGES


def test_there_are_pages_to_test():
    assert {"book/index.html", "book/sources.html"} <= set(PAGES) and CHAPTERS


def test_the_page_at_the_top_leads_to_the_book(visit):
    visited = visit("index.html")
    visited.page.wait_for_url("**/book/index.html")
    assert visited.page.locator("article h1").inner_text().startswith("Four Sources") and visited.elsewhere() == []


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_another_host_or_complains(visit, path):
    visited = visit(path)
    visited.scroll_through()
    assert visited.elsewhere() == []
    assert visited.complaints == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen(look_at, path, width):
    visited = look_at(path, width)
    visited.scroll_through()
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert visited.page.evaluate(too_wide) == 0


@pytest.mark.parametrize("path", [p for p in PAGES if p.startswith("book/")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_of_wcag_2_2_aa(look_at, path, scheme):
    visited = look_at(path, color_scheme=scheme)
    visited.scroll_through()
    visited.page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")
    # What fades in is measured when it has come.
    visited.page.evaluate("Promise.all(document.getAnimations().map(a => a.finished))")
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(visited.page, options=rules).response["violations"]
    # Not even the theme's own parts are excepted.
    assert {(v["id"], str(node["target"]), node["failureSummary"]) for v in found for node in v["nodes"]} == set()


@pytest.mark.parametrize("path", CHAPTERS)
def test_the_page_reads_well_without_scripts(visit, path):
    page = visit(path, java_script_enabled=False).page
    assert page.locator("button:visible").count() == 0, "a button that does nothing is not shown"
    for figure in page.locator(".fs-chart").all():
        assert figure.locator(".fs-drawing svg:visible").count() == 1
        assert figure.locator("figcaption").inner_text().count("Source:") == 1
    for explorer in page.locator(".fs-explorer").all():
        assert len(explorer.locator(".fs-frame").inner_text()) > 40
        assert explorer.locator("form").is_hidden(), "controls that do nothing are not shown"
        assert "With JavaScript you can change" in explorer.inner_text()
    for check in page.locator(".fs-check").all():
        check.locator("summary").click()
        assert len(check.locator("details").inner_text()) > 60
        options = check.locator(".fs-option:not(.fs-entry)")
        if options.count():
            said = options.nth(0).locator(".fs-said")
            assert said.is_hidden()
            options.nth(0).locator("input").check()
            assert said.is_visible() and len(said.inner_text()) > 10


@pytest.mark.parametrize("path", CHAPTERS)
def test_a_reader_reaches_the_paragraph_behind_a_claim(visit, path):
    page = visit(path).page
    link = page.locator("article p > a[href*='sources.html#'], article li > a[href*='sources.html#']").first
    place = link.get_attribute("href").split("#")[1]
    link.click()
    page.wait_for_url(f"**/sources.html#{place}")
    target = page.locator(f"[id='{place}']")
    assert len(target.inner_text()) > 60 and target.locator("h3").is_visible()
    assert 0 <= target.bounding_box()["y"] < 900, "the paragraph is on the screen"
