"""The evidence base: complete, attributed, dated, and even-handed as far as a machine can see."""

import re

import pandas as pd
import pytest

from foursources.data import load, load_all, unexplained_gaps

SOURCES = ["turan-2024", "cpc-2022", "iai-2023", "evn-2023"]
AUTHORS = {
    "turan-2024": "turan-agency",
    "cpc-2022": "toghrul-aliyev",
    "iai-2023": "leila-alieva",
    "evn-2023": "evn-author",
}
END = pd.Timestamp("2024-11-30")


def test_no_party_and_no_source_is_left_out_without_a_reason():
    assert list(unexplained_gaps()) == []
    pairs = load("disagreements")
    assert {*pairs.first_source_id, *pairs.second_source_id} == set(SOURCES)


def test_every_paragraph_has_claims():
    locators, claims = load("locators"), load("claims")
    body = locators[locators.kind != "footnote"]
    with_claims = set(zip(claims.source_id, claims.locator, strict=True))
    assert [place for place in zip(body.source_id, body.locator, strict=True) if place not in with_claims] == []


def test_the_id_of_a_claim_says_where_it_stands():
    claims = load("claims")
    expected = claims.source_id + "-" + claims.locator.str.lower()
    assert (claims.claim_id.str.replace(r"-\d+$", "", regex=True) == expected).all()
    numbers = claims.claim_id.str.extract(r"-(\d+)$")[0].astype(int)
    assert (numbers == claims.groupby(["source_id", "locator"]).cumcount() + 1).all()


@pytest.mark.parametrize(
    ("table", "speaker"), [("claims", "speaker_id"), ("positions", "reported_by"), ("relations", "reported_by")]
)
def test_the_sources_own_voice_is_its_authors_and_no_other_voice_is(table, speaker):
    rows = load(table)
    author = rows.source_id.map(AUTHORS)
    assert (rows[speaker] == author)[rows.voice == "own"].all()
    if table == "claims":  # in the other tables the author may report a reported position
        assert not (rows[speaker] == author)[rows.voice != "own"].any()


def test_nobody_speaks_after_the_source_or_the_course():
    sources = load("sources").set_index("source_id").date
    for table in ("claims", "figures", "positions", "relations"):
        rows = load(table)
        late = rows[rows.as_of > rows.source_id.map(sources)]
        assert late.empty, f"{table}: {late.iloc[0].to_dict()}"
    own = load("claims").query("voice == 'own'")
    assert (own.as_of == own.source_id.map(sources)).all()


def test_persons_with_one_surname_are_kept_apart():
    persons = load("actors").query("kind == 'person'").set_index("actor_id")
    aliyevs = {"ilham-aliyev", "heydar-aliyev", "toghrul-aliyev", "jeyhun-aliyev", "leila-alieva"}
    assert aliyevs | {"armen-grigoryan", "tigran-grigoryan"} <= set(persons.index)
    surnames = persons.name.str.split().str[-1].replace("Alieva", "Aliyev")
    for surname, group in persons.groupby(surnames):
        assert len(group) == 1 or group.note.ne("").all(), f"{surname}: say in a note who is not to be confused"
    claims = load("claims").set_index("claim_id")
    speakers = claims.groupby("speaker_id").source_id.agg(set)
    assert speakers["tigran-grigoryan"] == {"evn-2023"}
    assert speakers["toghrul-aliyev"] == {"cpc-2022"} and speakers["leila-alieva"] == {"iai-2023"}
    assert "heydar-aliyev" not in speakers and "armen-grigoryan" not in speakers


def test_a_surname_that_several_persons_bear_comes_with_its_first_name():
    bare = re.compile(
        r"(?<!Ilham )(?<!Heydar )(?<!Toghrul )(?<!Jeyhun )\bAliyev\b(?! \(Heydar)|(?<!Armen )(?<!Tigran )\bGrigoryan\b"
    )
    titles = {("sources", "title"), ("references", "title"), ("references", "seen")}
    for table, frame in load_all().items():
        for column in set(frame) - {"quote", "also"}:
            if (table, column) not in titles:
                found = frame[column][frame[column].map(str).str.contains(bare)]
                assert found.empty, f"{table}, {column}: {found.iloc[0]}"


def test_a_note_hangs_on_a_claim_that_says_so():
    claims, locators = load("claims"), load("locators")
    assert ((claims.note_locator != "") == (claims.evidence == "note")).all()
    known = set(zip(locators.source_id, locators.locator, strict=True))
    hung = claims[claims.note_locator != ""]
    assert set(zip(hung.source_id, hung.note_locator, strict=True)) <= known


def test_an_event_is_mentioned_or_documented():
    events, mentions = load("events"), load("event_mentions")
    orphans = events[~events.event_id.isin(mentions.event_id) & (events.reference_id == "")]
    assert orphans.empty, orphans.event_id.tolist()
    assert (events.contested == (events.contested_note != "")).all()
    assert (events.date_to.isna() | (events.date_to >= events.date)).all()
    first_of = {"month": events.date.dt.day == 1, "year": (events.date.dt.day == 1) & (events.date.dt.month == 1)}
    for precision, is_first in first_of.items():
        assert is_first[events.date_precision == precision].all(), f"a date of precision {precision} is its first day"


def test_nothing_from_after_the_sources_stands_outside_the_later_events():
    ahead = {"armenia-constitution-2027"}  # the agency reports a plan for a later year
    events = load("events")
    assert set(events.event_id[events.date > END]) <= ahead
    later = load("later_events")
    assert (later.date.dropna() > load("sources").date.min()).all() and (later.as_of >= later.added).all()
    assert later.confidence.isin(["unknown"]).sum() == 1, "what is not known is said"


def test_events_that_several_sources_mention_are_one_event():
    told = load("event_mentions").groupby("event_id").source_id.agg(set)
    assert told["war-2020"] == set(SOURCES)
    assert told["september-2022-fighting"] >= {"cpc-2022", "evn-2023"}
    assert told["brussels-2022-08"] == {"cpc-2022", "evn-2023"}
    assert told["brussels-summit-cancelled-2022"] == {"cpc-2022", "evn-2023"}
    assert told["september-2023-operation"] == {"turan-2024", "iai-2023"}
    assert {"eu-mission-2022", "eu-mission-2023"} <= set(told.index), "two missions, not one"


def test_the_count_of_mediation_events_depends_on_the_rule():
    mediation, mentions = load("mediation_events"), load("event_mentions")
    by_cpc = set(mentions.event_id[mentions.source_id == "cpc-2022"])
    rows = mediation[mediation.event_id.isin(by_cpc) & (mediation.part_of == "")]
    tracks = ["EU", "US", "Russia", "Georgia", "bilateral"]
    any_event = rows[rows.track.isin(tracks)].track.value_counts()
    assert any_event.to_dict() == {"EU": 8, "US": 7, "Russia": 5, "Georgia": 2, "bilateral": 3}
    strict = rows[(rows.form == "meeting") & rows.dated & rows.both_parties_present & rows.third_party_present]
    assert strict.track.value_counts().to_dict() == {"EU": 4, "US": 3, "Russia": 1}
    for hard in ("fm-call-2022-04-11", "lavrov-bayramov-2022-12"):
        assert rows.set_index("event_id").coding_note[hard], f"{hard} is a hard case and has to be explained"


def test_a_figure_has_a_value_or_bounds_that_fit_its_relation():
    figures = load("figures")
    numbers = figures[["value", "lower", "upper"]]
    assert (numbers.notna().any(axis=1) | (figures.relation == "vague")).all()
    ordered = numbers.dropna(subset=["lower", "upper"])
    assert (ordered.lower <= ordered.upper).all()
    assert figures.lower.notna()[figures.relation.isin(["more than", "at least"])].all()
    assert figures.upper.notna()[figures.relation == "up to"].all()


@pytest.mark.parametrize("argument", ["iai-2023", "evn-2023"])
def test_an_argument_is_a_graph_that_leads_to_its_main_claim(argument):
    nodes, links = load("arguments").set_index("node_id"), load("argument_links")
    own = nodes[nodes.argument == argument]
    out = links[links.from_node.isin(own.index)]
    assert set(out.to_node) <= set(own.index), "a link leads into the other argument"
    sinks = set(own.index) - set(out.from_node)
    assert len(sinks) == 1 and own.part[sinks.pop()] == "claim", "everything leads to one main claim"
    following = out.groupby("from_node").to_node.agg(list)

    def leads_back(node, seen):
        return node in seen or any(leads_back(n, [*seen, node]) for n in following.get(node, []))

    assert not any(leads_back(node, []) for node in own.index), "the argument goes in a circle"
    assert ((own.status == "inferred") == (own.voice == "inference")).all()
    assert set(own.part[own.status == "inferred"]) <= {"warrant", "rebuttal"}, "what the author says is not inferred"
    assert (own["quote"] != "")[own.status == "stated"].all()


def test_both_arguments_get_the_same_care():
    parts = load("arguments").groupby(["argument", "part"]).size().unstack(fill_value=0)
    assert (parts.loc["iai-2023"] - parts.loc["evn-2023"]).abs().max() <= 1, parts
    links = load("argument_links").merge(load("arguments"), left_on="from_node", right_on="node_id")
    kinds = links.groupby(["argument", "relation"]).size().unstack(fill_value=0)
    assert (kinds.loc["iai-2023"] - kinds.loc["evn-2023"]).abs().max() <= 2, kinds


def test_every_frame_has_all_its_slots():
    frames = load("frames").groupby(["source_id", "slot"]).size().unstack(fill_value=0)
    assert set(frames.columns) == {"problem", "cause", "judgement", "remedy"}
    assert (frames.loc[SOURCES] > 0).all(axis=None)


def test_a_disagreement_has_two_places():
    pairs = load("disagreements")
    first = pairs.first_source_id + " " + pairs.first_locator + pairs.first_statement
    assert (first != pairs.second_source_id + " " + pairs.second_locator + pairs.second_statement).all()
    assert set(pairs.nature) == {"number", "term", "cause", "compliance", "attribution", "timing"}


def test_the_counts_of_displaced_people_do_not_fall():
    counts = load("displacement_counts")
    timed = counts[counts.hour != ""]
    order = timed.assign(at=pd.to_datetime(timed.day.dt.strftime("%Y-%m-%d ") + timed.hour)).sort_values("at")
    assert order["count"].is_monotonic_increasing
    assert order["count"].iloc[0] == 65036 and counts["count"].max() == 100600 and len(counts) == 10
    assert counts.issuer.ne("").all()
