"""Put one text to the test: who speaks in it, what it offers, whether its dates hold, and whose reasons it gives."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from foursources import charts
from foursources.markup import linked, located

VOICES = ["own", "reported", "anonymous"]
ABOUT = {"text": "a text", "number": "a number", "date": "a date", "causal": "a cause", "normative": "a norm"}
"""What a check of a claim would turn on, as it is called beside a chart."""


def heard(claims: pd.DataFrame, groups: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Find in which paragraphs each group of speakers is heard, and in which voice.

    Parameters
    ----------
    claims : pandas.DataFrame
        Columns ``speaker_id``, ``locator`` (a paragraph, such as ``P7``) and ``voice``.
    groups : mapping of str to sequence of str
        Name of each group and the speakers in it.

    Returns
    -------
    pandas.DataFrame
        Columns ``speaker`` (the group), ``paragraph`` (its number) and ``voice``, without repetitions.

    Raises
    ------
    ValueError
        If a speaker is in no group: nobody is left out without a word.

    Examples
    --------
    >>> rows = [["mayor", "P1", "own"], ["mayor", "P1", "own"]]
    >>> claims = pd.DataFrame(rows, columns=["speaker_id", "locator", "voice"])
    >>> heard(claims, {"town hall": ["mayor"]}).values.tolist()
    [['town hall', 1, 'own']]
    """
    group_of = {speaker: group for group, speakers in groups.items() for speaker in speakers}
    if lost := sorted(set(claims.speaker_id) - set(group_of)):
        raise ValueError(f"the speakers {', '.join(lost)} are in no group.")
    found = claims.assign(speaker=claims.speaker_id.map(group_of), paragraph=claims.locator.str[1:].astype(int))
    return found[["speaker", "paragraph", "voice"]].drop_duplicates(ignore_index=True)


def voices(found: pd.DataFrame, groups: Sequence[str], source: str, **told: object) -> alt.Chart:
    """Show in which paragraphs of a text each group of speakers is heard; a group that is not heard keeps its row.

    Parameters
    ----------
    found : pandas.DataFrame
        What `heard` returns.
    groups : sequence of str
        All groups, in the order of the rows.
    source : str
        Where the data come from, in Markdown, with links.
    **told
        Title, description and height of the chart.
    """
    places = found.assign(paragraphs="P" + found.paragraph.astype(str)).groupby(["speaker", "voice"], sort=False)
    table = places.paragraphs.agg(", ".join).reset_index()
    silent = pd.DataFrame({"speaker": [g for g in groups if g not in set(found.speaker)], "paragraphs": "none"})
    x = alt.X("paragraph:Q").scale(domain=[0.5, found.paragraph.max() + 0.5], nice=False).axis(tickCount=7, grid=False)
    return (
        alt.Chart(found)
        .mark_point(filled=True, size=42, opacity=1)
        .encode(
            x,
            alt.Y("speaker:N", title=None).scale(domain=list(groups)).axis(grid=True),
            tooltip=["speaker", "paragraph", "voice"],
            **charts.symbols("voice", VOICES),
        )
        .properties(usermeta=charts.source(source, pd.concat([table, silent]).fillna("")), **told)
    )


def offers(
    claims: pd.DataFrame, kinds: Sequence[str], trails: Sequence[str], most: int, source: str, **told: object
) -> alt.LayerChart:
    """Show how many claims come with what kind of evidence; a reader can choose what the claims are about.

    Parameters
    ----------
    claims : pandas.DataFrame
        Columns ``kind`` (what is offered), ``trail`` (how far it can be followed) and ``checkable``, a key of `ABOUT`.
    kinds : sequence of str
        All kinds, in the order of the rows.
    trails : sequence of str
        All values of ``trail``; the last one stands for claims that come with nothing.
    most : int
        End of the axis, with room for the longest number.
    source, **told
        As for `voices`.
    """
    counted = claims.assign(checkable=claims.checkable.map(ABOUT)).groupby(["kind", "trail", "checkable"]).size()
    table = claims.groupby(["kind", "checkable"]).size().unstack(fill_value=0).reindex(list(kinds)).reset_index()
    about = alt.param(
        "about", bind=alt.binding_radio(options=["all", *ABOUT.values()], name="Claims about: "), value="all"
    )
    row = alt.Y("kind:N", title=None).scale(domain=list(kinds))
    at = alt.X("total:Q", title="claims").scale(domain=[0, most]).axis(tickCount=5)
    base = alt.Chart(counted.rename("n").reset_index()).encode(at, row)
    return (
        alt.layer(
            base.mark_point(filled=True, size=100, opacity=1).encode(
                tooltip=["kind:N", "total:Q"], **charts.symbols("trail", list(trails), quiet=trails[-1])
            ),
            base.mark_rule(opacity=0.4).encode(x2=alt.datum(0)),
            base.mark_text(align="left", dx=9).encode(text="total:Q"),
        )
        .transform_filter("about == 'all' || datum.checkable == about")
        .transform_aggregate(total="sum(n)", groupby=["kind", "trail"])
        .add_params(about)
        .properties(usermeta=charts.source(source, table), **told)
    )


def gaps(
    pairs: pd.DataFrame, results: Sequence[str], reach: tuple[int, int], source: str, **told: object
) -> alt.LayerChart:
    """Show the days from one date to another, so that a reader sees whether an order of events holds.

    Parameters
    ----------
    pairs : pandas.DataFrame
        Columns ``sentence`` (a comma breaks the line), ``counted`` (from what to what), ``first`` and ``second``
        (dates) and ``result``.
    results : sequence of str
        All values of ``result``, in the order of the legend.
    reach : tuple of int
        Ends of the axis in days, with room for the numbers.
    source, **told
        As for `voices`.
    """
    rows = pairs.assign(days=(pairs["second"] - pairs["first"]).dt.days)
    table = rows[["sentence", "counted", "first", "second", "days", "result"]].copy()
    for column in ("first", "second"):
        table[column] = table[column].dt.strftime("%Y-%m-%d")
    base = alt.Chart(rows[["sentence", "days", "result"]]).encode(
        alt.X("days:Q", title="days from the first to the second date").scale(domain=reach).axis(tickCount=5),
        alt.Y("sentence:N", sort=None, title=None).axis(labelExpr="split(datum.label, ', ')", labelOffset=-7),
    )
    return alt.layer(
        base.mark_point(filled=True, size=110, opacity=1).encode(**charts.symbols("result", list(results))),
        base.mark_rule(opacity=0.4).encode(x2=alt.datum(0)),
        base.transform_filter("datum.days >= 0").mark_text(align="left", dx=9).encode(text="days:Q"),
        base.transform_filter("datum.days < 0").mark_text(align="right", dx=-9).encode(text="days:Q"),
    ).properties(usermeta=charts.source(source, table), **told)


def verdicts(compared: pd.DataFrame, documents: pd.DataFrame) -> str:
    """Write in Markdown how the claims that a text makes about a document compare with that document.

    Parameters
    ----------
    compared : pandas.DataFrame
        Columns ``source_id``, ``locator``, ``voice``, ``paraphrase``, ``verdict`` (one of ``supports``, ``partly``,
        ``contradicts``, ``open``) and ``verdict_reason``, in the order in which to read them.
    documents : pandas.DataFrame
        As for `foursources.markup.linked`.

    Examples
    --------
    >>> columns = ["source_id", "locator", "voice", "paraphrase", "verdict", "verdict_reason"]
    >>> rows = [["lake-2030", "P1", "own", "The dam has two gates", "supports", "Point 1 says so"],
    ...         ["lake-2030", "P2", "own", "It is new", "contradicts", "Point 2 tells"]]
    >>> pages = pd.DataFrame(columns=["reference_id", "publisher", "address"])
    >>> print(verdicts(pd.DataFrame(rows, columns=columns), pages))
    2 claims about it. Borne out by it: 1 ([lake-2030 P1](sources.md#lake-2030-p1)). Left open by it: 0. The others:
    <BLANKLINE>
    - **contradicts** ([lake-2030 P2](sources.md#lake-2030-p2), own voice): *Claim:* It is new. *Text:* Point 2 tells.
    """
    found = {}
    for verdict in ("supports", "open"):
        rows = compared[compared.verdict == verdict]
        places = ", ".join(dict.fromkeys(located(c.source_id, c.locator) for c in rows.itertuples()))
        found[verdict] = f"{len(rows)} ({places})" if places else "0"
    head = f"{len(compared)} claims about it. Borne out by it: {found['supports']}. Left open by it: {found['open']}."
    others = [
        f"- **{c.verdict}** ({located(c.source_id, c.locator)}, {c.voice} voice): *Claim:* {c.paraphrase}. *Text:* "
        f"{linked(c.verdict_reason, documents)}."
        for c in compared[~compared.verdict.isin(found)].itertuples()
    ]
    return f"{head} The others:\n\n" + "\n".join(others)


def reasons(positions: pd.DataFrame, parties: Mapping[str, Sequence[str]], others: str) -> str:
    """Write a Markdown table of how many positions of each party a text gives with an interest or a need.

    Parameters
    ----------
    positions : pandas.DataFrame
        Columns ``party_id``, ``interest`` and ``need``, which are empty where the text states none.
    parties : mapping of str to sequence of str
        Name of each group of parties and the parties in it.
    others : str
        Name of the row for all parties in no group.

    Examples
    --------
    >>> positions = pd.DataFrame([["mayor", "votes", ""]], columns=["party_id", "interest", "need"])
    >>> print(reasons(positions, {"town hall": ["mayor"]}, "others").splitlines()[2])
    | town hall | 1 | 1 | 0 |
    """
    party_of = {actor: party for party, actors in parties.items() for actor in actors}
    named = positions.assign(party=positions.party_id.map(party_of).fillna(others))
    lines = ["| Party | Positions | of these, with an interest stated | with a need named |", "|---|--:|--:|--:|"]
    for party in [*parties, others]:
        held = named[named.party == party]
        lines.append(f"| {party} | {len(held)} | {(held.interest != '').sum()} | {(held.need != '').sum()} |")
    return "\n".join(lines)
