"""Argument maps: every part in its place, legible on a phone, refused where they are no argument."""

import pandas as pd
import pytest

from foursources import argumentmap, charts
from foursources.argumentmap import LONGEST_LABEL, argument_map, in_words, layout, short_names
from foursources.data import load

LINKS = ["from_node", "to_node", "relation"]
TOLD = {"source": "[us](a.md)", "title": "A map", "description": "d" * 61}


def argument(*rows, links):
    nodes = pd.DataFrame(
        [
            (name, part, status, "own", f"Label of {name}", f"Text of {name}", "", "lake-2030 P1", "a.md#p1")
            for name, part, status in rows
        ],
        columns=["node_id", "part", "status", "voice", "label", "text", "quote", "place", "link"],
    )
    return nodes, pd.DataFrame(links, columns=LINKS)


@pytest.fixture
def well():
    return argument(
        ("well", "claim", "stated"),
        ("dry", "ground", "stated"),
        ("thirst", "warrant", "inferred"),
        ("rain", "rebuttal", "stated"),
        ("map", "rebuttal", "stated"),
        links=[
            ("dry", "well", "supports"),
            ("thirst", "well", "supports"),
            ("rain", "dry", "attacks"),
            ("map", "dry", "attacks"),
            ("map", "thirst", "attacks"),
        ],
    )


def test_each_line_hangs_under_the_one_that_it_bears_on(well):
    lines = layout(*well).set_index("row")
    assert lines.node_id.tolist() == ["well", "thirst", "map", "dry", "rain", "map"], "short branches first"
    assert lines.depth.tolist() == [0, 1, 2, 1, 2, 2]
    assert lines.again.tolist() == [False] * 5 + [True]
    for line in lines.iloc[1:].itertuples():
        assert lines.depth[line.parent_row] == line.depth - 1 and line.parent_row < line.Index


def test_a_node_that_comes_again_does_not_bring_what_hangs_under_it(well):
    nodes, links = well
    links = pd.concat([links, pd.DataFrame([("old", "map", "attacks")], columns=LINKS)])
    nodes = pd.concat([nodes, nodes.iloc[[4]].assign(node_id="old")])
    assert layout(nodes, links).node_id.tolist().count("old") == 1


@pytest.mark.parametrize("source", ["iai-2023", "evn-2023"])
def test_the_arguments_of_the_course_have_a_line_for_each_link(source):
    nodes = load("arguments").query("argument == @source")
    links = load("argument_links").query("from_node in @nodes.node_id")
    lines = layout(nodes, links)
    assert len(lines) == len(links) + 1 and set(lines.node_id) == set(nodes.node_id)
    assert lines.depth.max() <= 5, "a deeper map has no room for words on a phone"
    numbers = nodes.node_id.str.extract(r"(\d+)$")[0]
    assert (short_names(nodes.part).str[1:] == numbers).all(), "C2 in the map is claim-2 in the data"


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ([("dry", "nowhere", "supports")], "links name the nodes nowhere"),
        ([], r"found \['well', 'dry'"),
        ([("well", "dry", "supports"), ("dry", "well", "supports")], "found"),
    ],
)
def test_what_is_no_argument_is_refused(well, links, said):
    with pytest.raises(ValueError, match=said):
        layout(well[0], pd.DataFrame(links, columns=LINKS))


def test_a_circle_beside_the_main_claim_is_refused(well):
    nodes, links = well
    circle = pd.DataFrame([("rain", "map", "attacks"), ("map", "rain", "attacks")], columns=LINKS)
    with pytest.raises(ValueError, match="goes in a circle"):
        layout(nodes, pd.concat([links, circle]))
    apart = links[~links.from_node.isin(["rain", "map"])]
    with pytest.raises(ValueError, match="nothing leads from rain, map to the main claim well"):
        layout(nodes, pd.concat([apart, circle]))


def test_a_label_that_is_too_long_for_a_phone_is_refused(well):
    nodes, links = well
    with pytest.raises(ValueError, match=f"has {LONGEST_LABEL + 1} letters; expected at most {LONGEST_LABEL}"):
        argument_map(nodes.assign(label="x" * (LONGEST_LABEL + 1)), links, **TOLD)


def test_colour_is_never_alone():
    dashes = [tuple(dash) for _, dash in argumentmap.RELATIONS.values()]
    assert len(set(dashes)) == len(dashes) == len({colour for colour, _ in argumentmap.RELATIONS.values()})
    assert len(charts.SHAPES) >= len(argumentmap.PARTS)


def test_the_map_is_a_figure_with_its_legend_its_links_and_its_choices(well):
    spec = argument_map(*well, **TOLD).to_dict()
    figure = charts.Figure.of(spec)
    assert [value for value, _, _ in figure.legend] == list(argumentmap.PARTS)
    assert [p["bind"]["options"] for p in spec["params"]] == [argumentmap.SHOW]
    assert figure.table["Kind"].tolist()[:3] == ["claim", "ground", "warrant, inferred"]
    html = figure.html()
    for short in ("C1", "G1", "W1", "R1", "R2"):
        assert f">{short} " in html
    assert ">R2 (see above)<" in html.replace("  ", " ")
    assert html.count("stroke-dasharray") >= 6, "attacks are dashed, in both drawings"


def test_a_node_in_words_names_its_neighbours_and_its_place(well):
    said = in_words("dry", *well)
    assert "**G1, ground: Label of dry.** Text of dry." in said and "([lake-2030 P1](a.md#p1))" in said
    assert "- **supports** C1, Label of well" in said and "- R2, Label of map, **attacks** it" in said
    assert "The course infers it" in in_words("thirst", *well)
