"""The published book as files: complete pages, no foreign address in what loads, links that lead somewhere."""

import html
import json
import re
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

from foursources import load
from tests.conftest import HTML

PAGES = sorted(HTML.glob("book/*.html"))
FIGURE = re.compile(r'<figure class="fs-chart".*?</figure>', re.DOTALL)


@pytest.fixture(params=PAGES, ids=lambda p: p.stem)
def page(request) -> str:
    return request.param.read_text(encoding="utf-8")


def test_the_book_has_its_pages(site):
    assert {p.stem for p in site.glob("book/*.html")} >= {"index", "sources", "03-ceasefire-terms"}


@pytest.mark.parametrize(
    "unwanted",
    ["widget-view+json", "widget-state+json", "require.js", "requirejs", "html-manager", "thebe", "unpkg.com"],
)
def test_no_page_has_a_widget_manager_or_a_foreign_loader(page, unwanted):
    assert unwanted not in page


def test_nothing_that_a_page_loads_has_a_foreign_address(page):
    loaded = re.findall(r"<(?:script|img|iframe|source|audio|video|embed)\b[^>]*\bsrc=\"([^\"]+)\"", page)
    loaded += re.findall(r"<link\b[^>]*\bhref=\"([^\"]+)\"", page)
    assert loaded and [url for url in loaded if urlparse(url).scheme or url.startswith("//")] == []
    assert not re.search(r"\b(?:cdn|jsdelivr|googleapis|cloudflare)\b", page)


def test_no_file_of_the_book_fetches_from_another_host(site):
    style = re.compile(r"(?:@import\s+|url\()\s*[\"']?(?:https?:)?//")
    assert [p.name for p in site.rglob("*.css") if style.search(p.read_text(encoding="utf-8"))] == []


def test_the_theme_s_icon_script_is_not_loaded(page):
    assert "fontawesome.js" not in page


def test_scripts_load_only_where_they_are_needed(page):
    for marker, script in (("fs-chart", "charts.js"), ("fs-explorer", "explorer.js"), ("fs-check", "selfcheck.js")):
        assert (f'class="{marker}"' in page) == (f"_static/{script}" in page)


def test_every_page_says_where_the_sources_end(page):
    assert "sources end in November 2024" in page


def test_every_link_inside_the_book_leads_somewhere(site):
    ids: dict[Path, set[str]] = {}

    def anchors(path):
        if path not in ids:
            ids[path] = set(re.findall(r'\bid="([^"]+)"', path.read_text(encoding="utf-8"))) if path.exists() else set()
        return ids[path]

    dead = []
    for path in PAGES:
        text = path.read_text(encoding="utf-8").replace('\\"', '"')
        for link in set(re.findall(r'(?:\bhref=|"link":)"([^"\s]+)"', text)):
            parts = urlparse(html.unescape(link))
            if parts.scheme or parts.netloc or link.startswith("#chart-"):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            state = "?" in parts.fragment
            if not target.exists() or (parts.fragment and not state and unquote(parts.fragment) not in anchors(target)):
                dead.append((path.name, link))
    assert dead == []


def test_no_link_still_points_at_a_source_file(page):
    assert re.findall(r'href=\\?"[\w-]+\.md[#"]', page) == []


def test_every_figure_is_complete_before_any_script_runs(page):
    for figure in FIGURE.findall(page):
        title = re.search(r'<p class="fs-title">(.+?)</p>', figure)[1]
        drawings = re.findall(r'<svg class="fs-(wide|narrow)" role="img" aria-label="([^"]+)"', figure)
        caption = re.search(r"<figcaption><p>(.+?)</p><p>Source: (.+?)</p></figcaption>", figure)
        assert [name for name, _ in drawings] == ["wide", "narrow"], title
        assert all(label == caption[1] and len(html.unescape(label)) > 60 for _, label in drawings), title
        assert 'href="' in caption[2], f"the source line of {title!r} leads nowhere"
        assert figure.count("<tbody>") == 1 and "data:text/csv;base64," in figure, title
        assert json.loads(re.search(r'class="fs-spec">(.*?)</script>', figure, re.DOTALL)[1].replace("<\\/", "</"))


def test_the_chapter_has_its_charts_explorer_and_self_checks(site):
    chapter = (site / "book" / "03-ceasefire-terms.html").read_text(encoding="utf-8")
    assert len(FIGURE.findall(chapter)) >= 3
    assert chapter.count('class="fs-explorer"') == 1
    assert set(re.findall(r'id="check-([a-z-]+)" data-kind', chapter)) >= {
        "stipulated",
        "leaked-version",
        "russia-role",
        "calendar-dates",
        "days-to-handover",
        "personnel-per-carrier",
    }


def test_the_reading_guide_has_one_place_for_each_locator(site):
    guide = (site / "book" / "sources.html").read_text(encoding="utf-8")
    ids = re.findall(r'<section id="((?:[a-z]+-\d{4}|statement)-\w+)"', guide)
    table = load("locators")
    wanted = [f"{source}-{locator.lower()}" for source, locator in zip(table.source_id, table.locator, strict=True)]
    wanted.remove("iai-2023-fn*")  # the note that says who the author is
    found = [i for i in ids if not i.startswith("statement")]
    assert sorted(found) == sorted(wanted)
    assert [i for i in found if "-fn" not in i] == [i for i in wanted if "-fn" not in i], "not in reading order"
    assert [i for i in ids if i.startswith("statement")] == [f"statement-{p}" for p in load("provisions").prov_id]


def test_every_claim_of_the_chapter_leads_to_its_paragraph(site):
    chapter = (site / "book" / "03-ceasefire-terms.html").read_text(encoding="utf-8")
    for claim in load("statement_claims").merge(load("claims")).itertuples():
        place = f"{claim.source_id} {claim.locator}"
        assert f'<td><a href="sources.html#{place.lower().replace(" ", "-")}">{place}</a></td>' in chapter


def test_figures_in_prose_come_from_the_data(site):
    chapter = html.unescape((site / "book" / "03-ceasefire-terms.html").read_text(encoding="utf-8"))
    provisions, claims = load("provisions"), load("statement_claims")
    dates = load("provision_dates").set_index("date_id").date
    gone = (dates["withdrawal"] - dates["ceasefire"]).days
    assert f"announced on day {gone:,}" in chapter
    assert f"of {len(provisions)} provisions name a duty holder" in chapter
    assert f"{len(claims)} claims: " in chapter
    words = {14: "fourteen"}
    assert f"{words[len(provisions)]} provisions" in chapter
