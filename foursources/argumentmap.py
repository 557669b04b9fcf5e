"""Draw an argument as a map that reads like an outline: each line bears on the line that it hangs under.

The distance from the left edge is the layer: how many steps lead to the main claim (parts of an argument: Toulmin,
1958). An outline has room for words beside each part, on a phone too, where a web of boxes has not.
"""

import altair as alt
import pandas as pd

from foursources import charts, markup

PARTS = {"claim": "C", "ground": "G", "warrant": "W", "concession": "K", "rebuttal": "R"}
"""Parts of an argument in the order of the legend, with the letter of their short names."""

RELATIONS = {"supports": ("#0072B2", [1, 0]), "attacks": ("#D55E00", [3, 2]), "concedes to": ("#808080", [1, 2])}
"""Relations between parts, each with its colour and its dash."""

LONGEST_LABEL = 42
"""Letters of a label that fit beside the deepest layer of a map on a phone."""

SHOW = ["everything", "what supports", "what attacks or concedes", "what the course inferred"]
_ROW = 21  # height of a line in pixels
_INK = " : ".join(f"datum.value === '{name}' ? '{colour}'" for name, (colour, _) in RELATIONS.items()) + " : ''"
_SHOWN = (
    f"show == '{SHOW[0]}' || (show == '{SHOW[1]}' && datum.relation == 'supports') || datum.depth == 0"
    f" || (show == '{SHOW[2]}' && (datum.relation == 'attacks' || datum.relation == 'concedes to'))"
    f" || (show == '{SHOW[3]}' && datum.status == 'inferred')"
)


def short_names(parts: pd.Series) -> pd.Series:
    """Name the nodes of an argument by their part and their number in it.

    Examples
    --------
    >>> short_names(pd.Series(["claim", "ground", "claim"])).tolist()
    ['C1', 'G1', 'C2']
    """
    return parts.map(PARTS) + (parts.groupby(parts).cumcount() + 1).astype(str)


def layout(nodes: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Put the nodes of an argument in reading order, under the node that they bear on.

    Parameters
    ----------
    nodes : pandas.DataFrame
        Column ``node_id``.
    links : pandas.DataFrame
        Columns ``from_node``, ``to_node`` and ``relation``.

    Returns
    -------
    pandas.DataFrame
        One row for each line of the outline: ``node_id``; ``row`` and ``depth``, counted from 0; ``parent_row``, and
        ``relation`` to that parent (both empty for the main claim); ``again``, true where a node that bears on
        several others comes for a second time, without what hangs under it. Short branches come first.

    Raises
    ------
    ValueError
        If a link names an unknown node, or not everything leads to one main claim.

    Examples
    --------
    >>> nodes = pd.DataFrame({"node_id": ["claim", "reason", "doubt"]})
    >>> rows = [("reason", "claim", "supports"), ("doubt", "reason", "attacks")]
    >>> layout(nodes, pd.DataFrame(rows, columns=["from_node", "to_node", "relation"])).depth.tolist()
    [0, 1, 2]
    """
    if unknown := {*links.from_node, *links.to_node} - {*nodes.node_id}:
        raise ValueError(f"links name the nodes {', '.join(sorted(unknown))}, which are not among the nodes.")
    roots = [node for node in nodes.node_id if node not in set(links.from_node)]
    if len(roots) != 1:
        raise ValueError(f"an argument has one main claim that bears on nothing else; found {roots or 'none'}.")
    order = {node: i for i, node in enumerate(nodes.node_id)}
    under: dict[str, list[tuple[str, str]]] = {node: [] for node in nodes.node_id}
    for link in links.itertuples():
        under[link.to_node].append((link.from_node, link.relation))
    rows: list[tuple[str, int, int, int | None, str, bool]] = []
    seen: set[str] = set()

    def size(node: str, above: tuple[str, ...]) -> int:
        if node in above:
            raise ValueError(f"the argument goes in a circle at {node}.")
        return 1 + sum(size(child, (*above, node)) for child, _ in under[node])

    def place(node: str, depth: int, parent: int | None, relation: str) -> None:
        again, row = node in seen, len(rows)
        rows.append((node, row, depth, parent, relation, again))
        seen.add(node)
        for child, how in [] if again else sorted(under[node], key=lambda c: (size(c[0], (node,)), order[c[0]])):
            place(child, depth + 1, row, how)

    size(roots[0], ())
    place(roots[0], 0, None, "")
    if missing := [node for node in nodes.node_id if node not in seen]:
        raise ValueError(f"nothing leads from {', '.join(missing)} to the main claim {roots[0]}.")
    table = pd.DataFrame(rows, columns=["node_id", "row", "depth", "parent_row", "relation", "again"])
    return table.astype({"parent_row": "Int64"})


def argument_map(nodes: pd.DataFrame, links: pd.DataFrame, source: str, **told: object) -> alt.LayerChart:
    """Draw an argument as an outline in which a reader can bring out what supports and what attacks.

    Parameters
    ----------
    nodes : pandas.DataFrame
        Columns ``node_id``; ``part``, one of `PARTS`; ``status``, ``stated`` or ``inferred`` (drawn hollow);
        ``label``, at most `LONGEST_LABEL` letters; ``text`` and ``place`` for the tooltip; ``link``, an address.
    links : pandas.DataFrame
        Columns ``from_node``, ``to_node`` and ``relation``, one of `RELATIONS`, told apart by colour and dash.
    source : str
        Where the data come from, in Markdown, with links.
    **told
        Title and description of the chart; the height follows from the number of lines.

    Raises
    ------
    ValueError
        If a label is too long for a phone, or the links do not make one argument (see `layout`).
    """
    if long := [label for label in nodes.label if len(label) > LONGEST_LABEL]:
        raise ValueError(f"the label {long[0]!r} has {len(long[0])} letters; expected at most {LONGEST_LABEL}.")
    named = nodes[["node_id", "part", "status", "text", "place", "link", "label"]].assign(short=short_names(nodes.part))
    lines = layout(nodes, links).merge(named).sort_values("row")
    lines["line"] = lines.short + "  " + lines.label.where(~lines.again, "(see above)")
    lines = lines.drop(columns=["node_id", "again", "label", "short"])
    lines["last"] = ~lines.parent_row.duplicated(keep="last")
    show = alt.param("show", bind=alt.binding_radio(options=SHOW, name="Show: "), value=SHOW[0])
    at = alt.X("depth:Q", axis=None).scale(domain=[-0.3, 19], nice=False, zero=False)
    down = alt.Y("row:Q", axis=None).scale(domain=[len(lines) - 0.4, -0.6], nice=False, zero=False)
    base = alt.Chart(lines).encode(down, opacity=alt.condition("datum.shown", alt.value(1), alt.value(0.22)))
    tip = {"href": "link:N", "tooltip": ["line", "text", "place"]}
    points = [
        base.transform_filter(alt.datum.status == status)
        .mark_point(filled=filled, size=75)
        .encode(at, **tip, **charts.symbols("part", list(PARTS)))
        for status, filled in (("stated", True), ("inferred", False))
    ]
    kind = named.part.where(named.status == "stated", named.part + ", inferred")
    table = pd.DataFrame({"Part": named.short, "Kind": kind, "In our words": named.text, "Place": named.place})
    return (
        alt.layer(
            *points,
            *_branches(base),
            base.mark_text(align="left", dx=9, fontSize=charts.SMALL).encode(at, text="line:N", **tip),
        )
        .transform_calculate(shown=_SHOWN)
        .add_params(show)
        .properties(height=_ROW * len(lines), usermeta=charts.source(source, table), **told)
    )


def in_words(node_id: str, nodes: pd.DataFrame, links: pd.DataFrame) -> str:
    """Say in Markdown what a node of an argument is, and what it bears on and what bears on it.

    Parameters
    ----------
    node_id : str
    nodes, links : pandas.DataFrame
        As for `argument_map`; also ``voice`` and ``quote``, which may be empty.

    Examples
    --------
    >>> columns = ["node_id", "part", "status", "voice", "label", "text", "quote", "place", "link"]
    >>> rows = [["a", "claim", "stated", "own", "Dig", "A well is needed", "dig a well", "lake-2030 P1", "x"],
    ...         ["b", "ground", "stated", "own", "Thirst", "The lake is dry", "dry", "lake-2030 P2", "y"]]
    >>> link = pd.DataFrame([["b", "a", "supports"]], columns=["from_node", "to_node", "relation"])
    >>> print(in_words("b", pd.DataFrame(rows, columns=columns), link))
    **G1, ground: Thirst.** The lake is dry.
    <BLANKLINE>
    The text says so, in its author's own voice: “dry” ([lake-2030 P2](y)).
    <BLANKLINE>
    - **supports** C1, Dig
    """
    named = nodes.assign(short=short_names(nodes.part)).set_index("node_id")
    node = named.loc[node_id]
    voices = {"own": "in its author's own voice", "reported": "in a reported voice", "anonymous": "unnamed"}
    words = f": {markup.quoted(node.quote)} " if node.quote else " "
    said = f"The text says so, {voices[node.voice]}" if node.status == "stated" else "The course infers it from here"
    lines = [
        f"- **{link.relation}** {named.short[link.to_node]}, {named.label[link.to_node]}"
        for link in links[links.from_node == node_id].itertuples()
    ]
    lines += [
        f"- {named.short[link.from_node]}, {named.label[link.from_node]}, **{link.relation}** it"
        for link in links[links.to_node == node_id].itertuples()
    ]
    title = f"**{node.short}, {node.part}: {node.label}.** {node.text}."
    place = f"{said}{words}([{node.place}]({node.link}))."
    return "\n\n".join([title, place, "\n".join(lines)])


def _branches(base: alt.Chart) -> list[alt.Chart]:
    """Draw what joins each line to the one that it hangs under: down in grey, across in the relation's own way."""
    hanging = base.transform_filter("isValid(datum.parent_row)").transform_calculate(above="datum.depth - 1")
    left = alt.X("above:Q", axis=None)
    colour = {
        "condition": [{"test": f"datum.relation === '{n}'", "value": ink} for n, (ink, _) in RELATIONS.items()],
        "value": charts.GREY,
    }
    dash = (
        alt.StrokeDash("relation:N", title=None)
        .scale(domain=list(RELATIONS), range=[d for _, d in RELATIONS.values()])
        .legend(symbolType="stroke", symbolStrokeWidth=2, symbolSize=300, symbolStrokeColor=alt.ExprRef(_INK))
    )
    down = hanging.transform_filter("datum.last").mark_rule(strokeWidth=1)
    across = hanging.mark_rule(strokeWidth=2, x2Offset=-7).encode(left, dash, x2="depth:Q", color=colour)
    return [down.encode(left, y2="parent_row:Q", opacity=alt.value(0.4)), across]
