"""Commands for the people who keep the course: `python -m foursources --help`."""

import argparse
import sys
from pathlib import Path

from foursources import coursetext, data, provenance
from foursources.selfcheck import validate as validate_questions


def main() -> int:
    """Run one command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m foursources", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("fingerprint", help="fingerprint source texts, kept outside the project")
    make.add_argument("texts", nargs="+", type=Path, metavar="SOURCE.md", help="file named after its source id")
    commands.add_parser("check", help="validate the data, the questions, and every quotation and paraphrase")
    chosen = parser.parse_args()
    if chosen.command == "fingerprint":
        for path in chosen.texts:
            print(provenance.save(provenance.make_fingerprint(path.stem, path.read_text(encoding="utf-8"))))
        return 0
    problems = [*data.validate(), *validate_questions()]
    problems = problems or [*coursetext.fingerprints_match_locators(), *coursetext.check()]
    print("\n".join(problems) or "The data, the questions, and every quotation and paraphrase are in order.")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
