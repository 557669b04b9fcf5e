"""Explorers and self-checks: every control changes what is shown, by mouse and by keyboard, and remembers."""

import pytest

from tests.browser.conftest import CEASEFIRE, CHAPTERS, PAGES


@pytest.mark.parametrize("path", CHAPTERS)
@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_every_control_of_an_explorer_changes_its_frame(visit, path, by):
    page = visit(path).page
    explorers = page.locator(".fs-explorer")
    assert explorers.count()
    for explorer in explorers.all():
        frame = explorer.locator(".fs-frame")
        for control in explorer.locator("form select").all():
            before = frame.inner_text()
            if by == "mouse":
                control.select_option(index=2)
            else:
                control.focus()
                page.keyboard.press("ArrowDown")
            assert frame.inner_text() != before, f"{control.get_attribute('name')} changes nothing"
        for radio in explorer.locator("form input[type=radio]:not(:checked)").all():
            before = frame.inner_text()
            if by == "mouse":
                radio.check()
            else:
                radio.focus()
                page.keyboard.press("Space")
            assert frame.inner_text() != before


@pytest.mark.parametrize("path", CHAPTERS)
def test_every_state_of_an_explorer_can_be_linked_to(visit, path):
    visited = visit(path)
    explorer = visited.page.locator(".fs-explorer").first
    explorer.locator("select").first.select_option(index=3)
    shown = explorer.locator(".fs-frame").inner_text()
    address = visited.page.url
    assert "#" in address and "?" in address.split("#")[1]
    again = visit(path + "#" + address.split("#", 1)[1])
    assert again.page.locator(".fs-explorer").first.locator(".fs-frame").inner_text() == shown
    again.page.goto(visited.base + path + "#nowhere?term=nothing")
    assert again.complaints == []


def answer(page, check, by):
    """Answer a question in some way, and return what it then shows."""
    kind = check.get_attribute("data-kind")
    if kind in ("choice", "choices"):
        boxes = check.locator(".fs-option input")
        for i in range(boxes.count()):
            if by == "mouse":
                check.locator(".fs-option label").nth(i).click()
            else:
                boxes.nth(i).focus()
                page.keyboard.press("Space")
            said = check.locator(".fs-said").nth(i)
            assert said.is_visible() and len(said.inner_text()) > 10
        return
    if kind == "number":
        field = check.locator("input")
        field.focus()
        page.keyboard.type("100000")
    else:
        for select in check.locator("select").all():
            if by == "mouse":
                select.select_option(index=1)
            else:
                select.focus()
                page.keyboard.press("ArrowDown")
    if by == "mouse":
        check.locator(".fs-try").click()
    else:
        check.locator(".fs-try").focus()
        page.keyboard.press("Enter")
    assert "No." in check.locator(".fs-said").first.inner_text() + check.locator(".fs-said").last.inner_text()


@pytest.mark.parametrize("path", CHAPTERS)
@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_every_self_check_answers_and_clears(visit, path, by):
    page = visit(path).page
    checks = page.locator(".fs-check")
    assert checks.count() >= 5
    for check in checks.all():
        answer(page, check, by)
        clear = check.locator(".fs-clear")
        if by == "mouse":
            clear.click()
        else:
            clear.focus()
            page.keyboard.press("Enter")
        assert check.locator("input:checked").count() == 0
        assert all(not said.is_visible() for said in check.locator(".fs-said").all())


@pytest.mark.parametrize(
    ("question", "typed", "said"),
    [
        ("personnel-per-carrier", "21.8", "Yes."),
        ("personnel-per-carrier", "21,78", "Yes."),
        ("personnel-per-carrier", "5.16", "not by the armoured personnel carriers"),
        ("personnel-per-carrier", "30", "too large"),
        ("personnel-per-carrier", "many", "Write one number"),
        ("personnel-per-carrier", "", "Write one number"),
        ("calendar-dates", " 3 ", "Yes."),
        ("calendar-dates", "1,000", "too large"),
    ],
)
def test_a_number_is_judged_with_its_likely_mistakes(visit, question, typed, said):
    page = visit(CEASEFIRE).page
    check = page.locator(f"#check-{question}")
    check.locator("input").fill(typed)
    check.locator("input").press("Enter")
    assert said in check.locator(".fs-said").inner_text()


def test_an_answer_is_remembered_in_this_browser_until_it_is_cleared(visit):
    page = visit(CEASEFIRE).page
    page.locator("#check-stipulated label").nth(1).click()
    page.locator("#check-calendar-dates input").fill("3")
    page.locator("#check-calendar-dates .fs-try").click()
    page.reload()
    assert page.locator("#check-stipulated input").nth(1).is_checked()
    assert page.locator("#check-calendar-dates .fs-said").inner_text().startswith("Yes.")
    page.locator("#check-calendar-dates .fs-clear").click()
    page.reload()
    assert page.locator("#check-calendar-dates input").input_value() == ""
    assert page.locator("#check-stipulated input").nth(1).is_checked(), "clearing one answer keeps the others"


@pytest.mark.parametrize("path", CHAPTERS)
def test_folded_code_and_tables_open_by_keyboard(look_at, path):
    page = look_at(path).page
    for summary in page.locator("main details > summary").all():
        summary.focus()
        page.keyboard.press("Enter")
        assert summary.evaluate("s => s.parentElement.open")


def press(page, control, by):
    if by == "mouse":
        control.click()
    else:
        control.focus()
        page.keyboard.press("Enter")


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
@pytest.mark.parametrize("path", PAGES)
def test_every_control_of_the_theme_works_on_a_desktop(look_at, site, path, by):
    page = look_at(path).page
    seen = set()
    for _ in range(3):
        seen.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        press(page, page.locator("button.theme-switch-button:visible").first, by)
    assert len(seen) == 2, "the switch goes through light and dark"

    menus = page.locator(".dropdown-download-buttons")
    assert menus.count() == path.startswith("book/")
    for menu in menus.all():
        assert menu.locator("li").first.is_hidden()
        press(page, menu.locator("button.dropdown-toggle"), by)
        menu.locator("li").first.wait_for(state="visible")
        for link in menu.locator("a[href]").all():
            assert (site / path).parent.joinpath(link.get_attribute("href")).is_file()
        page.keyboard.press("Escape")

    entry = page.locator("nav.bd-links a", has_text="Reading guide").first
    for state in ("hidden", "visible"):
        press(page, page.locator("button.primary-toggle:visible").first, by)
        entry.wait_for(state=state)

    assert page.locator("#pst-search-dialog").is_hidden()
    press(page, page.locator("button.search-button__button:visible").first, by)
    search_for(page, "checkpoint")


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
@pytest.mark.parametrize("path", PAGES)
def test_every_control_of_the_theme_works_on_a_phone(look_at, path, by):
    page = look_at(path, 390).page
    lists = [("primary", "nav.bd-links a")]
    if path.startswith("book/"):
        lists += [("secondary", "#pst-secondary-sidebar a, #pst-secondary-sidebar-modal a")]
    for name, entries in lists:
        entry = page.locator(entries).first
        assert entry.is_hidden()
        press(page, page.locator(f"button.{name}-toggle:visible").first, by)
        entry.wait_for(state="visible")
        page.keyboard.press("Escape")
        entry.wait_for(state="hidden")
    press(page, page.locator("button.search-button__button:visible").first, by)
    search_for(page, "checkpoint")


def search_for(page, word):
    field = page.locator(".bd-search input:visible").first
    field.fill(word)
    field.press("Enter")
    page.wait_for_url(f"**/search.html?q={word}*")
    page.locator("#search-results a", has_text="Ceasefire terms").first.wait_for()
