"""Commands for the people who keep the course: `python -m foursources --help`."""

import argparse
import sys
from pathlib import Path

import pandas as pd

from foursources import coursetext, data, provenance
from foursources.analysis import wording
from foursources.grading import commands as grading
from foursources.selfcheck import validate as validate_questions


def main() -> int:
    """Run one command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m foursources", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, purpose in {
        "fingerprint": "write fingerprints and locators of source texts, kept outside the project",
        "count": "count the terms of data/counted_terms.csv in source texts and write data/term_counts.csv",
    }.items():
        command = commands.add_parser(name, help=purpose)
        command.add_argument("texts", nargs="+", type=Path, metavar="SOURCE.md", help="file named after its source id")
    commands.add_parser("check", help="validate the data and the questions; check quotations, paraphrases and names")
    grading.add_commands(commands)
    chosen = parser.parse_args()
    try:
        match chosen.command:
            case "fingerprint":
                problems = _fingerprint(chosen.texts)
            case "count":
                problems = _count(chosen.texts)
            case "check":
                problems = _check()
            case _:
                problems = grading.run(chosen)
    except (OSError, ValueError, RuntimeError) as error:
        problems = [str(error)]
    if problems:
        print("\n".join(problems), file=sys.stderr)
    return bool(problems)


def _fingerprint(texts: list[Path]) -> list[str]:
    for path in texts:
        made = provenance.make_fingerprint(path.stem, path.read_text(encoding="utf-8"))
        print(provenance.save(made))
        print(provenance.save_locators(made))
    return []


def _count(texts: list[Path]) -> list[str]:
    terms, kept = data.load("counted_terms"), data.load("term_counts")
    read = {path.stem: path.read_text(encoding="utf-8") for path in texts}
    counts = wording.term_counts(read, dict(zip(terms.term_id, terms.pattern, strict=True)))
    order = list(data.load("sources").source_id)
    if unknown := sorted(set(read) - set(order)):
        return [f"{', '.join(unknown)}: not a source_id of data/sources.csv; expected {', '.join(order)}."]
    table = pd.concat([kept[~kept.source_id.isin(read)], counts])
    table = table.sort_values("source_id", key=lambda column: column.map(order.index), kind="stable")
    target = data.DATA / "term_counts.csv"
    table.to_csv(target, index=False, lineterminator="\n")
    print(f"{target}: {len(counts)} counts in {len(read)} texts; {len(table)} rows in all.")
    return []


def _check() -> list[str]:
    problems = [*data.validate(), *validate_questions()]
    problems = problems or [*data.unexplained_gaps(), *coursetext.fingerprints_match_locators(), *coursetext.check()]
    if not problems:
        print("The data, the questions, every quotation, every paraphrase and the names are in order.")
    return problems


if __name__ == "__main__":
    sys.exit(main())
