"""Check quotations and paraphrases against fingerprints of the sources; the texts themselves are not needed.

A fingerprint holds, for each locator of a source, the hashes of all runs of 1, 2, 3, 5 and 8 consecutive words. A
quotation stands at a locator if every run of its words is there; prose repeats a source if ten or more consecutive
words are there (shingling: Broder, 1997). The hashes are sorted and cut to 20 bits: enough to tell texts apart, too
little to read one back with confidence, yet no secret: who owns a source could confirm a guess with them.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from foursources.data import DATA

RUNS = (1, 2, 3, 5, 8)
LONGEST_QUOTATION = 25
LONGEST_ECHO = 9
"""Most consecutive words of a source that may stand outside quotation marks."""

_DIGITS = 5
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_PARAGRAPH = re.compile(r"^\[(P\d+|abs|fn\S+?)\] (.*)$", re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]*)\)")
_LOCATOR = re.compile(r"sources(?:\.md|\.html)?#([a-z]+-\d{4})-(abs|p\d+|fn\S+)$")
_QUOTATION = re.compile(r"“([^”]+)”")


@dataclass(frozen=True)
class Fingerprint:
    """Hashed word runs of one source.

    Attributes
    ----------
    source_id : str
    runs : dict of str to dict of int to frozenset of str
        For each locator and run length, the hashes of all runs of that length.
    """

    source_id: str
    runs: dict[str, dict[int, frozenset[str]]]


def words(text: str) -> list[str]:
    """Split a text into words, without case, punctuation, or the difference between straight and curly quotes.

    Examples
    --------
    >>> words("Armenia’s “Quo Vadis?”")
    ["armenia's", 'quo', 'vadis']
    """
    return [w.casefold().replace("’", "'") for w in _WORD.findall(text)]


def make_fingerprint(source_id: str, text: str) -> Fingerprint:
    """Fingerprint a source text in which each paragraph begins with its locator, as in ``[P1] Four years …``.

    Raises
    ------
    ValueError
        If no line begins with a locator.
    """
    paragraphs = dict(_PARAGRAPH.findall(text))
    if not paragraphs:
        raise ValueError(
            f"{source_id}: no paragraph begins with a locator; expected lines such as `[P1] Four years …`."
        )
    return Fingerprint(
        source_id,
        {loc: {n: frozenset(_hashes(source_id, words(t), n)) for n in RUNS} for loc, t in paragraphs.items()},
    )


def save(fingerprint: Fingerprint, folder: Path = DATA / "fingerprints") -> Path:
    """Write a fingerprint as JSON, the hashes of each run length sorted and joined, and return the file."""
    path = folder / f"{fingerprint.source_id}.json"
    runs = {loc: {n: "".join(sorted(h)) for n, h in by_n.items()} for loc, by_n in fingerprint.runs.items()}
    path.write_text(json.dumps({"source_id": fingerprint.source_id, "runs": runs}, indent=0) + "\n", encoding="utf-8")
    return path


def save_locators(fingerprint: Fingerprint, table: Path = DATA / "locators.csv") -> Path:
    """Write a source's locators into the table of locators, in place of those it has there, and return the file."""
    with table.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    here = [n for n, row in enumerate(rows) if row[0] == fingerprint.source_id]
    kept = [row for row in rows if row[0] != fingerprint.source_id]
    made = [[fingerprint.source_id, loc, _kind(loc), str(n)] for n, loc in enumerate(fingerprint.runs, 1)]
    at = here[0] if here else len(kept)
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *kept[:at], *made, *kept[at:]])
    return table


@lru_cache(maxsize=4)
def read_fingerprints(folder: Path = DATA / "fingerprints") -> dict[str, Fingerprint]:
    """Read all fingerprints in a folder, by source id."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        stored = json.loads(path.read_text(encoding="utf-8"))
        runs = {
            loc: {int(n): frozenset(re.findall("." * _DIGITS, joined)) for n, joined in by_n.items()}
            for loc, by_n in stored["runs"].items()
        }
        found[stored["source_id"]] = Fingerprint(stored["source_id"], runs)
    return found


def stands_at(quotation: str, fingerprint: Fingerprint, locator: str) -> bool:
    """Tell whether a quotation stands word for word at a locator; an ellipsis (…) may join two parts of it."""
    parts = [w for part in re.split(r"…|\.\.\.", quotation) if (w := words(part))]
    known = fingerprint.runs.get(locator, {})
    return bool(parts) and all(_all_known(part, known, fingerprint.source_id) for part in parts)


def problems_of_quotation(quotation: str, source_id: str, locator: str) -> Iterator[str]:
    """Yield what is wrong with a quotation and its locator: unknown locator, too long, or other words."""
    fingerprint = read_fingerprints().get(source_id)
    if fingerprint is None or locator not in fingerprint.runs:
        yield f"the locator {source_id} {locator} does not exist; expected one of data/locators.csv"
    elif (n := len(words(quotation))) > LONGEST_QUOTATION:
        yield f"the quotation “{quotation[:40]}…” has {n} words; expected at most {LONGEST_QUOTATION}"
    elif not stands_at(quotation, fingerprint, locator):
        yield f"“{quotation}” does not stand word for word at {source_id} {locator}"


def problems_of_prose(block: str) -> Iterator[str]:
    """Yield what is wrong with a paragraph of course text: its quotations, and words that repeat a source.

    A quotation stands in curly quotation marks and is followed, in the same paragraph, by the link to its place:
    the locator of a source (checked word for word), or an outside address or point of the statement (not checked).
    """
    for match in _QUOTATION.finditer(block):
        link = _LINK.search(block, match.end())
        if link is None:
            yield f"“{match[1]}” has no locator link behind it in its paragraph"
        elif place := _LOCATOR.search(link[1]):
            yield from problems_of_quotation(match[1], place[1], _canonical(place[2]))
    yield from echoes(block)


def echoes(text: str) -> Iterator[str]:
    """Yield each run of ten or more consecutive words, outside quotation marks, that a source has too."""
    for stretch in _QUOTATION.sub("\n", _LINK.sub("\n", text)).split("\n"):
        sequence = words(stretch)
        if len(sequence) <= LONGEST_ECHO:
            continue
        for fingerprint in read_fingerprints().values():
            hashed = _hashes(fingerprint.source_id, sequence, RUNS[-1])
            for locator, known in fingerprint.runs.items():
                here = [h in known[RUNS[-1]] for h in hashed]
                for start, length in _stretches(here):
                    if (n := length + RUNS[-1] - 1) > LONGEST_ECHO:
                        shown = " ".join(sequence[start : start + n])
                        yield f"{n} consecutive words of {fingerprint.source_id} {locator}: {shown}"


def _kind(locator: str) -> str:
    return {"P": "paragraph", "a": "abstract", "f": "footnote"}[locator[0]]


def _canonical(anchor: str) -> str:
    """Turn the locator of an anchor (`p11`, `abs`, `fn20`) into that of the data (`P11`)."""
    return anchor.upper() if anchor.startswith("p") else anchor


def _hashes(source_id: str, sequence: list[str], n: int) -> list[str]:
    salt = source_id.encode()[:16]
    runs = (" ".join(sequence[i : i + n]) for i in range(len(sequence) - n + 1))
    return [blake2b(run.encode(), digest_size=4, salt=salt).hexdigest()[:_DIGITS] for run in runs]


def _all_known(sequence: list[str], known: dict[int, frozenset[str]], source_id: str) -> bool:
    """Tell whether a paragraph has every run of a sequence of words."""
    n = max(r for r in RUNS if r <= len(sequence))
    return known.get(n, frozenset()).issuperset(_hashes(source_id, sequence, n))


def _stretches(flags: Iterable[bool]) -> Iterator[tuple[int, int]]:
    """Yield start and length of each stretch of true values."""
    start, i = None, -1
    for i, flag in enumerate(flags):
        if flag and start is None:
            start = i
        elif not flag and start is not None:
            yield start, i - start
            start = None
    if start is not None:
        yield start, i + 1 - start
