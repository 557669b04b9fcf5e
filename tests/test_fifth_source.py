"""The recipe for a new source in CONTRIBUTING.md, from the text to the page, with a small invented one."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

TEXT = """# lake-2030

[P1] The two shores have shared one landing for years, and the ferryman says that neither trusts the other with the key.

[P2] A third village should keep the key until both shores agree on the hours.
"""
GUIDE = """
## lake-2030: an invented source

### lake-2030 P1

The author says that two shores share a landing, and reports a ferryman who speaks of “neither trusts the other”.

### lake-2030 P2

The author wants a third village to keep the key for a time.
"""
SOURCE = {
    "source_id": "lake-2030",
    "title": "The Landing",
    "title_status": "in copy",
    "outlet": "The Shore",
    "place": "Lakeside",
    "genre": "opinion",
    "date": "2030-05-01",
    "date_precision": "month",
    "date_note": "Invented",
    "address": "https://example.org/landing",
    "body_from": "P1",
    "body_to": "P2",
    "excluded": "Nothing",
    "standpoint": "Invented for a test",
}
ACTORS = [
    {"actor_id": "lake-author", "name": "Author of The Landing", "kind": "person", "role": "Author of lake-2030"},
    {"actor_id": "ferryman", "name": "Ferryman", "kind": "person", "role": "Ferryman of the landing"},
]
COMMON = {"source_id": "lake-2030", "as_of": "2030-05-01", "as_of_precision": "month", "topic": "mediation"}
CLAIMS = [
    {
        **COMMON,
        "claim_id": "lake-2030-p1-1",
        "locator": "P1",
        "voice": "reported",
        "speaker_id": "ferryman",
        "paraphrase": "Each shore fears what the other would do with the key",
        "quote": "neither trusts the other with the key",
        "checkable": "causal",
        "evidence": "named speaker",
        "not_known": "When the ferryman said so",
    },
    {
        **COMMON,
        "claim_id": "lake-2030-p2-1",
        "locator": "P2",
        "voice": "own",
        "speaker_id": "lake-author",
        "paraphrase": "A third village should hold the key for a time",
        "checkable": "normative",
        "evidence": "none",
        "not_known": "Which village the author means",
    },
]
WITHOUT_ROWS = ["event_mentions", "figures", "positions", "relations", "frames"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project that holds three pages of the book, with the text of the new source beside it."""
    left_out = shutil.ignore_patterns(".*", "_build", "tests", "0*.ipynb")
    copy = shutil.copytree(ROOT, tmp_path / "project", ignore=left_out)
    pages = [{"file": f"book/{name}"} for name in ("claims", "timeline", "data", "sources")]
    (copy / "_toc.yml").write_text(yaml.safe_dump({"format": "jb-book", "root": "book/index", "chapters": pages}))
    (tmp_path / "lake-2030.md").write_text(TEXT, encoding="utf-8")
    return copy


def run(project: Path, program: str, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", program]
    if program == "jupyter-book":
        command = [str(Path(sys.executable).with_name(program))]
    done = subprocess.run(
        [*command, *arguments],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(project)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def add(project: Path, table: str, *rows: dict[str, str]) -> None:
    path = project / "data" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, header, restval="", lineterminator="\n").writerows(rows)


def test_a_fifth_source_comes_in_by_the_recipe(project):
    text = str(project.parent / "lake-2030.md")
    add(project, "sources", SOURCE)
    assert run(project, "foursources", "fingerprint", text)[0] == 0

    guide = project / "book" / "sources.md"
    guide.write_text(guide.read_text(encoding="utf-8") + GUIDE, encoding="utf-8")
    add(project, "actors", *ACTORS)
    add(
        project,
        "claims",
        *[claim | {"quote": "neither trusts anybody"} if claim.get("quote") else claim for claim in CLAIMS],
    )
    status, said = run(project, "foursources", "check")
    assert status == 1
    assert "“neither trusts anybody” does not stand word for word at lake-2030 P1" in said
    for table in WITHOUT_ROWS:
        assert (
            f"{table}.csv, column source_id: nothing for lake-2030; expected a row, or the reason in gaps.csv." in said
        )

    claims = project / "data" / "claims.csv"
    claims.write_text(
        claims.read_text(encoding="utf-8").replace("neither trusts anybody", CLAIMS[0]["quote"]), encoding="utf-8"
    )
    gap = {"column": "source_id", "value": "lake-2030", "reason": "The text is too short for it"}
    add(project, "gaps", *[{"table": table, **gap} for table in WITHOUT_ROWS])
    add(project, "gaps", {"table": "arguments", **gap, "column": "argument"})
    assert run(project, "foursources", "count", text)[0] == 0
    status, said = run(project, "foursources", "check")
    assert (status, said.count("\n")) == (0, 1), said

    status, said = run(project, "jupyter-book", "build", "-W", "-n", "--keep-going", ".")
    assert status == 0, said
    pages = project / "_build" / "html" / "book"
    microscope = (pages / "claims.html").read_text(encoding="utf-8")
    assert '<option value="lake-2030">' in microscope and CLAIMS[0]["paraphrase"] in microscope
    assert '<a href="sources.html#lake-2030-p1">lake-2030 P1</a>' in microscope
    assert '<section id="lake-2030-p1">' in (pages / "sources.html").read_text(encoding="utf-8")
    assert "lake-2030,mediat,0,35" in (pages / "data" / "term_counts.csv").read_text(encoding="utf-8")
