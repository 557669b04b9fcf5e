"""Check the naming policy: loaded words have their speaker in the same sentence, paired names stand together.

The words, the names and the exceptions are data (`loaded_words.csv`, `loaded_word_exceptions.csv`, `places.csv`,
`actors.csv`). The check is a net, not a judge: it sees that a sentence names a speaker and has a verb of saying;
whether the words are rightly attributed only a reader can see.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from foursources.data import load

_SAYING = re.compile(
    r"\b(?:say(?:s|ing)?|said|call(?:s|ed|ing)?|according to|argu(?:es?|ed)|writ(?:es?|ten|ing)|wrote|words?|view"
    r"|accus(?:es?|ed|ation)|claims?|claimed|describ(?:es?|ed)|names?|named|den(?:y|ies|ied)|sp(?:eaks?|oke) of"
    r"|warn(?:s|ed)?|terms?|quot(?:es?|ed)|sees?|saw|fears?|feared|expects?|predicts?|asks?|asked|reports?|reported"
    r"|prints?|uses?|used|condemn(?:s|ed)?|demand(?:s|ed)?|label(?:s|led)?|holds?|told|cites?)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[)\]”*]*\s+(?=[A-Z“*\[(])|\s\|\s|\s*\n\s*")
_QUOTATION = re.compile(r"“[^”]*”")
_TARGET = re.compile(r"\]\([^)]*\)|\bhttps?://\S+")


class _Policy(NamedTuple):
    words: list[tuple[str, re.Pattern[str], str]]
    speakers: re.Pattern[str]
    pairs: list[tuple[str, re.Pattern[str]]]
    single_names: re.Pattern[str]
    exceptions: list[tuple[str, str]]


@lru_cache(maxsize=1)
def _policy() -> _Policy:
    words = [(w.label, re.compile(rf"\b(?:{w.pattern})", re.I), w.instead) for w in load("loaded_words").itertuples()]
    actors, sources = load("actors"), load("sources")
    names = {*actors.name, *sources.source_id}
    names |= {name.split()[-1] for name in actors.name[actors.kind == "person"]}
    names |= {also for cell in actors.also for also in cell.split("; ") if also}
    speakers = re.compile(rf"\b(?:{'|'.join(re.escape(n) for n in sorted(names, key=len, reverse=True))})\b")
    pairs: dict[str, list[str]] = {}
    for name in (names_of_places := load("places").name):
        for part in name.split("/") if "/" in name else []:
            pairs.setdefault(part, []).append(name)
    # A name such as that of a corridor may contain one half of a pair and still be a name of its own.
    single = re.compile("|".join(re.escape(name) for name in names_of_places if "/" not in name), re.IGNORECASE)
    exceptions = [(e.place, e.words) for e in load("loaded_word_exceptions").itertuples()]
    apart = [
        (" or ".join(whole), re.compile(rf"(?<![\w/]){re.escape(part)}(?![\w/])")) for part, whole in pairs.items()
    ]
    return _Policy(words, speakers, apart, single, exceptions)


def problems_of_naming(where: str, text: str) -> Iterator[str]:
    """Yield each loaded word without a speaker in its sentence, and each name that stands without its pair.

    Parameters
    ----------
    where : str
        Where the text stands: a file of the project, with a place in it after a comma; exceptions refer to it.
    text : str
        Markdown or plain text; what stands in curly quotation marks is left out.
    """
    policy = _policy()
    for sentence in _SENTENCE_END.split(_TARGET.sub("]", _QUOTATION.sub("“”", text))):
        if any(where.startswith(place) and words in sentence for place, words in policy.exceptions):
            continue
        attributed = _SAYING.search(sentence) and policy.speakers.search(sentence)
        for label, pattern, instead in policy.words:
            if (hit := pattern.search(sentence)) and not attributed:
                yield (
                    f"the loaded word {hit[0]!r} ({label}) has no speaker in its sentence: “{_near(sentence, hit)}”; "
                    f"expected {instead}"
                )
        for pair, pattern in policy.pairs:
            if hit := pattern.search(policy.single_names.sub(lambda name: "-" * len(name[0]), sentence)):
                yield f"the name {hit[0]!r} stands alone: “{_near(sentence, hit)}”; expected {pair}"


def _near(sentence: str, hit: re.Match[str]) -> str:
    """Return the sentence around a hit, cut to what helps to find it."""
    start, end = max(0, hit.start() - 50), min(len(sentence), hit.end() + 50)
    return f"{'…' if start else ''}{sentence[start:end].strip()}{'…' if end < len(sentence) else ''}"
