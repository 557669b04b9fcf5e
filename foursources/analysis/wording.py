"""Count words in texts: vocabulary, which says neither who is right nor who is biased."""

import re
from collections.abc import Mapping

import pandas as pd

_PARAGRAPH = re.compile(r"^\[(P\d+)\] (.*)$", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+(?:['’.,/-][^\W_]+)*")


def body(text: str) -> str:
    r"""Return the body of a source text: its numbered paragraphs, without abstract, headings and notes.

    Raises
    ------
    ValueError
        If no line begins with the locator of a paragraph.

    Examples
    --------
    >>> body("[abs] Summary.\n\n## Heading\n\n[P1] First.\n\n[fn1] A note.\n\n[P2] Second.")
    'First.\nSecond.'
    """
    found = _PARAGRAPH.findall(text)
    if not found:
        raise ValueError("no paragraph begins with a locator; expected lines such as `[P1] Four years …`")
    return "\n".join(paragraph for _, paragraph in found)


def words(text: str) -> list[str]:
    """Split a text into words as a reader counts them: a hyphen, an apostrophe or a decimal point joins.

    Examples
    --------
    >>> words("The 44-day war’s end, a 7.5-kilometre advance …")
    ['The', '44-day', 'war’s', 'end', 'a', '7.5-kilometre', 'advance']
    """
    return _WORD.findall(text)


def count(text: str, pattern: str) -> int:
    r"""Count the places of a text where a term's pattern begins at the start of a word; case does not matter.

    Examples
    --------
    >>> count("A mediator offers mediation; immediate relief is another matter.", r"mediat\w*")
    2
    """
    return len(re.findall(rf"(?<![^\W_])(?:{pattern})", text, re.IGNORECASE))


def term_counts(texts: Mapping[str, str], patterns: Mapping[str, str]) -> pd.DataFrame:
    """Count terms in the bodies of texts.

    Parameters
    ----------
    texts : mapping of str to str
        Source id to text; each paragraph begins with its locator, as in ``[P1] Four years …``.
    patterns : mapping of str to str
        Term id to regular expression.

    Returns
    -------
    pandas.DataFrame
        One row for each source and term, ``len(texts) * len(patterns)`` in all: ``source_id``, ``term_id``,
        ``count`` (occurrences), ``words`` (words of the body).

    Raises
    ------
    ValueError
        If a text has no numbered paragraph.

    Examples
    --------
    >>> counts = term_counts({"lake-2030": "[P1] Peace, peaceful peace."}, {"peace": "peace"})
    >>> counts["count"].tolist(), counts["words"].tolist()
    ([3], [3])
    """
    rows = []
    for source_id, text in texts.items():
        try:
            own = body(text)
        except ValueError as error:
            raise ValueError(f"{source_id}: {error}.") from None
        length = len(words(own))
        rows += [(source_id, term, count(own, pattern), length) for term, pattern in patterns.items()]
    return pd.DataFrame(rows, columns=["source_id", "term_id", "count", "words"])


def rates(counts: pd.DataFrame) -> pd.Series:
    """Return occurrences per 1,000 words, so that texts of different length can be compared.

    Parameters
    ----------
    counts : pandas.DataFrame
        Columns ``count`` and ``words``, as `term_counts` makes them.

    Returns
    -------
    pandas.Series
        One rate for each row, in occurrences per 1,000 words.

    Examples
    --------
    >>> float(rates(pd.DataFrame({"count": [6], "words": [1500]})).iloc[0])
    4.0
    """
    return counts["count"] / counts["words"] * 1000
