"""Charts in the browser: drawn before any script, live when scrolled to, and their inputs alive."""

import pytest

from tests.browser.conftest import CEASEFIRE, CHAPTERS

DRAWN = (
    "f => [...f.querySelectorAll('svg')].filter(s => s.checkVisibility() && s.getAttribute('role') === 'img').length"
)


@pytest.mark.parametrize("path", CHAPTERS)
def test_charts_go_live_on_scroll_and_not_before(visit, path):
    visited = visit(path)
    figures = visited.page.locator(".fs-chart")
    assert figures.count() >= 3
    assert not any(url.endswith("vega.js") for url in visited.requests), "Vega loads only when a chart is reached"
    last = figures.last
    assert last.get_attribute("data-state") is None and last.evaluate(DRAWN) == 1
    last.scroll_into_view_if_needed()
    visited.page.wait_for_function("f => f.dataset.state === 'live'", arg=last.element_handle())
    assert last.evaluate(DRAWN) == 1, "the drawing gives way to the live chart"
    assert last.locator(".fs-live svg").get_attribute("aria-label") == last.locator("figcaption p").first.inner_text()


@pytest.mark.parametrize("path", CHAPTERS)
def test_a_live_chart_is_as_large_as_its_drawing(look_at, path):
    visited = look_at(path)
    for figure in visited.page.locator(".fs-chart").all():
        before = figure.locator(".fs-drawing svg:visible").bounding_box()
        figure.scroll_into_view_if_needed()
        visited.page.wait_for_function("f => f.dataset.state === 'live'", arg=figure.element_handle())
        after = figure.locator(".fs-live svg").bounding_box()
        assert abs(before["height"] - after["height"]) < 40, "the text below does not jump"


@pytest.mark.parametrize("path", CHAPTERS)
def test_a_live_chart_follows_the_width_of_its_column(look_at, path):
    visited = look_at(path, 390)
    visited.scroll_through()
    for width in (1280, 390, 700, 1280):
        visited.page.set_viewport_size({"width": width, "height": 900})
        visited.page.wait_for_function(
            "[...document.querySelectorAll('.fs-live')].every(e => "
            "Math.abs(e.querySelector('svg').getAttribute('width') - e.clientWidth) < 2)"
        )


@pytest.mark.parametrize("path", CHAPTERS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("live", [False, True])
def test_text_in_charts_has_the_colour_of_the_page(look_at, path, scheme, live):
    visited = look_at(path, color_scheme=scheme)
    if live:
        visited.scroll_through()
    page_ink = visited.page.evaluate("getComputedStyle(document.querySelector('article p')).color")
    inks = visited.page.evaluate(
        "[...new Set([...document.querySelectorAll('.fs-drawing svg text')].filter(t => t.checkVisibility())"
        ".map(t => getComputedStyle(t).fill))]"
    )
    assert inks == [page_ink]


@pytest.mark.parametrize("path", CHAPTERS)
@pytest.mark.parametrize("live", [False, True])
def test_type_in_charts_stays_legible_on_a_phone(look_at, path, live):
    visited = look_at(path, 390)
    if live:
        visited.scroll_through()
    heights = visited.page.evaluate(
        "[...document.querySelectorAll('.fs-drawing svg text')].filter(t => t.checkVisibility())"
        ".map(t => [t.getScreenCTM(), parseFloat(getComputedStyle(t).fontSize)])"
        ".map(([m, size]) => Math.hypot(m.c, m.d) * size)"
    )
    assert len(heights) > 20 and min(heights) >= 9.5


@pytest.mark.parametrize("path", CHAPTERS)
@pytest.mark.parametrize("live", [False, True])
def test_no_text_in_charts_is_cut_off_on_a_phone(look_at, path, live):
    visited = look_at(path, 390)
    if live:
        visited.scroll_through()
    outside = visited.page.evaluate(
        """[...document.querySelectorAll('.fs-drawing svg text')].filter(t => t.checkVisibility()).filter(t => {
            const box = t.getBoundingClientRect();
            return box.width && (box.left < -0.5 || box.right > document.documentElement.clientWidth + 0.5);
        }).map(t => t.textContent)"""
    )
    assert outside == []


@pytest.mark.parametrize("path", CHAPTERS)
@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_every_input_of_a_chart_changes_it(visit, path, by):
    visited = visit(path)
    visited.scroll_through()
    figures = visited.page.locator(".fs-chart", has=visited.page.locator(".vega-bind"))
    assert figures.count(), "no chart of the chapter has an input"
    for figure in figures.all():
        radios = figure.locator(".vega-bindings input[type=radio]")
        drawn = figure.locator(".fs-live svg")
        before = drawn.inner_html()
        if by == "mouse":
            radios.nth(2).click()
        else:
            radios.nth(0).focus()
            visited.page.keyboard.press("ArrowDown")
            visited.page.keyboard.press("ArrowDown")
        visited.page.wait_for_timeout(200)
        assert radios.nth(2).is_checked()
        assert drawn.inner_html() != before


def test_a_mark_of_the_claims_chart_leads_to_its_paragraph(visit):
    visited = visit(CEASEFIRE)
    visited.scroll_through()
    figure = visited.page.locator(".fs-chart", has=visited.page.locator(".vega-bind"))
    with visited.page.expect_event("framenavigated"):
        figure.locator(".fs-live .mark-symbol path").first.click()
    assert "/sources.html#" in visited.page.url


@pytest.mark.parametrize("path", CHAPTERS)
def test_the_table_under_a_chart_downloads_as_csv(visit, path):
    page = visit(path).page
    figure = page.locator(".fs-chart").first
    figure.locator("summary").click()
    with page.expect_download() as download:
        figure.get_by_text("Download as CSV").click()
    rows = download.value.path().read_text(encoding="utf-8").splitlines()
    assert len(rows) == figure.locator("tbody tr").count() + 1
