"""The answers to data tasks and to questions about the tables, worked out again from the tables."""

import ast
import re

import nbformat
import pandas as pd
import pytest

from foursources import load
from foursources.analysis.agreement import cohen_kappa
from foursources.analysis.wording import rates
from foursources.selfcheck import find
from tests.conftest import ROOT


def matched(question: str) -> dict[str, int]:
    return {pair["item"]: int(pair["match"]) for pair in find(question).pairs}


def share(part: int, whole: int) -> int:
    return round(100 * part / whole)


def dates() -> pd.Series:
    return load("events").set_index("event_id").date


def test_start_here():
    claims, sources = load("claims"), load("sources")
    anonymous = claims[claims.voice == "anonymous"].groupby("source_id").size().reindex(sources.source_id, fill_value=0)
    assert matched("start-anonymous") == anonymous.to_dict()
    counts = load("term_counts").merge(load("counted_terms"), on="term_id").assign(rate=rates)
    leaders = counts.loc[counts.groupby("label").rate.idxmax()].set_index("label").source_id
    for pair in find("start-rates").pairs:
        assert leaders[pair["item"]] == pair["match"]
    months = sources.date.dt.year * 12 + sources.date.dt.month
    assert find("start-months").answer == months.max() - months.min()
    negotiations = counts[counts.term_id == "negotiat"].set_index("source_id")
    assert negotiations.rate.idxmax() == "evn-2023" and negotiations["count"]["iai-2023"] == 0  # start-counts
    voices = {
        "turan-2024-p4-2": "reported",
        "turan-2024-p4-3": "own",
        "evn-2023-p14-2": "reported",
        "evn-2023-p14-3": "own",
        "evn-2023-p28-3": "anonymous",
        "iai-2023-p30-3": "anonymous",
    }
    assert claims.set_index("claim_id").voice[list(voices)].to_dict() == voices
    assert [pair["match"] for pair in find("start-voices").pairs] == list(voices.values())


def test_four_texts():
    other = load("claims").groupby("source_id").voice.agg(lambda voice: share((voice != "own").sum(), len(voice)))
    assert matched("four-other-voices") == other.to_dict()
    pairs = load("disagreements")
    apart = pairs[pairs.first_source_id != pairs.second_source_id]
    removed = apart.reconciled.isin(["by date", "by scope", "by date and scope"]).sum()
    assert find("four-dates").answer == share(removed, len(apart))


def test_ceasefire_terms():
    provisions, dates = load("provisions"), load("provision_dates").set_index("label")
    assert find("calendar-dates").answer == (provisions.deadline_type == "calendar date").sum()
    days = (dates.date - pd.Timestamp("2020-11-10")).dt.days
    matched = {p["item"]: int(p["match"]) for p in find("days-to-handover").pairs}
    assert matched == {
        "Aghdam": days["Aghdam, handover"],
        "Kalbajar/Karvachar, first date": days["Kalbajar/Karvachar, first date"],
        "Kalbajar/Karvachar, moved date": days["Kalbajar/Karvachar, moved date"],
        "Kashatagh/Lachin": days["Kashatagh/Lachin, handover"],
    }
    values = load("provision_quantities").set_index("quantity").value
    ratio = values["peacekeeping personnel"] / values["armoured personnel carriers"]
    assert find("personnel-per-carrier").answer == pytest.approx(ratio, abs=0.05)
    assert provisions.further_agreement.sum() == sum(o["correct"] for o in find("needs-agreement").options)


def test_truce_to_treaty():
    counts = load("displacement_counts")
    timed = counts[counts.hour != ""].assign(at=lambda d: d.day + pd.to_timedelta(d.hour + ":00")).sort_values("at")
    assert find("truce-first-above").answer == timed["count"][timed["count"] > 70000].iloc[0]
    day = dates()
    resolved = load("events").set_index("event_id").date_resolved
    assert "31 August" in resolved["brussels-2022-08"], "the day of the meeting, whose row has the month"
    fighting, operation, mission = (
        day[e] for e in ("september-2022-fighting", "september-2023-operation", "eu-mission-2023")
    )
    assert matched("truce-days") == {
        "Brussels meeting to fighting": (fighting - pd.Timestamp("2022-08-31")).days,
        "fighting to EU mission": (mission - fighting).days,
        "operation to EU mission": (mission - operation).days,
    }
    assert find("truce-kappa").answer == cohen_kappa([2, 0, 0, 0, 2, 0], [2, 0, 1, 1, 2, 0])
    held = load("positions").query("source_id == 'turan-2024'").groupby("issue").party_id.agg(set)
    assert find("truce-both-governments").answer == sum({"armenia", "azerbaijan"} <= parties for parties in held)
    dated = load("sources").set_index("source_id").date
    late = {o["text"]: o["correct"] for o in find("truce-not-yet").options}
    for text, event in {
        "The September 2023 military operation": "september-2023-operation",
        "The first marker on the Armenia–Azerbaijan border": "first-marker-2024",
        "The meeting of the leaders in Prague": "prague-2022-10",
        "The disruption of movement along the Lachin corridor": "lachin-corridor-closure-2022",
    }.items():
        assert late[text] is bool(day[event] > dated["evn-2023"])


def test_mediation_tracks():
    mentions, styles = load("event_mentions"), load("mediation_styles")
    rows = load("mediation_events").merge(load("events")[["event_id", "date"]])
    tracks = ["EU", "US", "Russia", "Georgia"]
    by_cpc = set(mentions.event_id[mentions.source_id == "cpc-2022"])
    rows = rows[rows.event_id.isin(by_cpc) & (rows.part_of == "") & rows.track.isin([*tracks, "bilateral"])]
    assert set(rows.event_id) == set(styles.event_id), "each event of cpc-2022 has its codes"
    strict = rows[(rows.form == "meeting") & rows.dated & rows.both_parties_present & rows.third_party_present]
    assert matched("mediation-count-strict") == {track: (strict.track == track).sum() for track in tracks}
    shares = [100 * (some.track == "EU").mean() for some in (rows, strict)]
    assert find("mediation-share-shift").answer == shares[1] - shares[0]
    active = rows[rows.dated & (rows.date.dt.year == 2022) & rows.track.isin(tracks)]
    months = active.groupby(active.date.dt.month).track.nunique()
    assert find("mediation-overlap").answer == (months > 1).sum()
    assert pd.Series([m["value"] for m in find("mediation-overlap").mistakes]).isin([len(months)]).any()
    assert "inclusivity" not in set(load("mediation_fundamentals").fundamental)


@pytest.mark.parametrize(
    ("source", "question"), [("iai-2023", "decolonisation-evidence"), ("evn-2023", "karabakh-evidence")]
)
def test_what_the_two_arguments_offer(source, question):
    claims = load("claims").query("source_id == @source")
    spoken = claims[claims.locator.str.fullmatch(r"P\d+")]
    assert find(question).answer == share((spoken.evidence != "none").sum(), len(spoken))


def test_the_dates_of_the_two_arguments():
    day = dates()
    assert find("decolonisation-days").answer == (day["unsc-822-1993"] - day["section-907-1992"]).days
    assert find("karabakh-days").answer == (day["september-2022-fighting"] - pd.Timestamp("2022-08-31")).days


@pytest.mark.parametrize("path", sorted((ROOT / "book").glob("0*.ipynb")), ids=lambda p: p.stem)
def test_a_task_in_python_has_the_items_of_its_question_and_waits_for_an_answer(path):
    cells = [c for c in nbformat.read(path, 4).cells if "hide-cell" in c.metadata.get("tags", [])]
    assert len(cells) >= 2
    for cell in cells:
        lines = {node.targets[0].id: node.value for node in ast.parse(cell.source).body if isinstance(node, ast.Assign)}
        question = find(re.search(r'check\("([a-z-]+)"', cell.source)[1])
        if question.kind == "match":
            assert [key.value for key in lines["answer"].keys] == [pair["item"] for pair in question.pairs]
            assert all(value.value is ... for value in lines["answer"].values)
        else:
            assert lines["answer"].value is ...
