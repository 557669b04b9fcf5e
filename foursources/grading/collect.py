"""Find out who handed in what, in a folder or a zip as a learning management system exports it."""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import nbformat
import pandas as pd

_CANVAS = re.compile(
    r"^(?P<name>[^_]+)_(?:LATE_)?(?P<id>\d+)_(?P<file>\d+)_(?P<title>.+?)(?:-(?P<again>\d+))?\.\w+$", re.I
)
_MOODLE = re.compile(r"^(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<title>.*))?$")
_LARGEST = 20 << 20  # bytes of one notebook, or of all in a zip times twenty


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Attributes
    ----------
    student : str
        The id that the LMS gives, or the name where it gives none.
    name : str
        Name of the student as the LMS or the roster writes it.
    file : str
        Where it was found, from the folder of submissions on.
    content : bytes
        The notebook as it was found.
    problem : str
        Empty, or why it cannot be marked and what to do.
    note : str
        What the instructor should know although it can be marked.
    """

    student: str
    name: str
    file: str = ""
    content: bytes = b""
    problem: str = ""
    note: str = ""

    def notebook(self) -> nbformat.NotebookNode:
        """Read the notebook, whatever its version.

        Raises
        ------
        ValueError
            If it is no notebook; the message says what it is instead.
        """
        if not self.content.strip():
            raise ValueError("the file is empty")
        try:
            notebook = nbformat.reads(self.content.decode("utf-8-sig"), as_version=4)
            if not all(isinstance(cell.source, str) for cell in notebook.cells):
                raise ValueError("a cell has no text")
            return notebook
        except Exception as error:  # nbformat lets through whatever its parts raise
            reason = re.sub(r"\s+", " ", str(error))[:120]
            raise ValueError(f"the file is no notebook that can be read ({reason})") from None


def collect(submissions: Path, roster: Path | None = None) -> list[Submission]:
    """Return one submission for each student, in order of their names.

    Canvas writes ``lastname_12345_67890_title.ipynb``, with ``-1`` behind the title for a second attempt; Moodle writes
    ``Name_12345_assignsubmission_file_`` before the file or as a folder. Anywhere else the folder of a file, or the
    file itself, names the student.

    Parameters
    ----------
    submissions : pathlib.Path
        A folder, nested or flat, or a zip; zips inside are opened too.
    roster : pathlib.Path, optional
        A CSV file with columns ``id`` and ``name``, or a gradebook of Canvas or Moodle. Students on it who handed in
        nothing get a row.

    Raises
    ------
    ValueError
        If there is no notebook at all, or the roster lacks a column.
    """
    if not submissions.exists():
        raise ValueError(f"{submissions} is not there; expected the folder or zip that the LMS exported.")
    found = defaultdict(list)
    for place, content in _files(submissions):
        one, attempt = _read_name(place, content)
        found[one.student].append((attempt, one))
    if not found:
        raise ValueError(f"{submissions} holds no notebook (*.ipynb); expected what students handed in.")
    chosen = [_choose(several) for several in found.values()]
    return sorted(_match(chosen, roster), key=lambda one: (one.name.casefold(), one.student))


def read_roster(path: Path) -> dict[str, str]:
    """Return the name of each student by id, from a table of the instructor or a gradebook of Canvas or Moodle.

    Raises
    ------
    ValueError
        If the columns are none of ``id, name``, ``ID, Student`` (Canvas) or ``Identifier, Full name`` (Moodle).
    """
    listed = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", sep=None, engine="python")
    for id_column, name_column in (("id", "name"), ("ID", "Student"), ("Identifier", "Full name")):
        if {id_column, name_column} <= set(listed.columns):
            ids = listed[id_column].str.replace("Participant", "", regex=False).str.strip()
            return {i: name.strip() for i, name in zip(ids, listed[name_column], strict=True) if i}
    raise ValueError(
        f"{path}: found the columns {', '.join(listed.columns[:5])}; expected id and name, or a gradebook of Canvas "
        "(ID, Student) or Moodle (Identifier, Full name)."
    )


def _files(path: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield each notebook of a folder or zip with its place; files of the system are left out."""
    if path.is_file():
        yield from _unzip(PurePosixPath(), path.read_bytes())
        return
    for file in sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink()):
        place = PurePosixPath(file.relative_to(path).as_posix())
        if _wanted(place) and file.stat().st_size <= _LARGEST:
            yield place, file.read_bytes()
        elif file.suffix.lower() == ".zip":
            yield from _unzip(place.parent, file.read_bytes(), place.stem)


def _unzip(folder: PurePosixPath, packed: bytes, stem: str = "") -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield the notebooks in a zip, without writing anything: a name such as ../../x reaches no file."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(packed))
    except zipfile.BadZipFile:
        yield folder / f"{stem}.ipynb", b""
        return
    with archive:
        inside = [i for i in archive.infolist() if not i.is_dir() and _wanted(PurePosixPath(i.filename))]
        if stem and not inside:
            yield folder / f"{stem}.ipynb", b""
        for item in inside:
            name = PurePosixPath(*[part for part in PurePosixPath(item.filename).parts if part not in ("/", "..")])
            # A student's own zip carries the student in its name, not in the names inside.
            place = folder / (f"{stem}.ipynb" if stem and len(inside) == 1 else PurePosixPath(stem) / name)
            yield place, archive.read(item) if item.file_size <= _LARGEST else b""


def _wanted(place: PurePosixPath) -> bool:
    hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in place.parts)
    return place.suffix.lower() == ".ipynb" and not hidden


def _read_name(place: PurePosixPath, content: bytes) -> tuple[Submission, int]:
    """Find the student in the name of a file or of its folders; the number says which attempt it is."""
    if found := _CANVAS.match(place.name):
        again = int(found["again"] or 0)
        return Submission(found["id"], found["name"], str(place), content), again
    for part in reversed(place.parts):
        if found := _MOODLE.match(part):
            return Submission(found["id"], found["name"], str(place), content), 0
    who = place.parts[0] if len(place.parts) > 1 else place.stem
    return Submission(who, who, str(place), content), 0


def _choose(several: list[tuple[int, Submission]]) -> Submission:
    """Return the last attempt of a student; where nothing says which is the last, say so and mark none."""
    last = max(attempt for attempt, _ in several)
    latest = [one for attempt, one in several if attempt == last]
    if len({one.content for one in latest}) == 1:
        return latest[0]
    files = " and ".join(one.file for one in latest)
    problem = f"several files ({files}); keep the one to mark and run the command again"
    return replace(latest[0], file=files, content=b"", problem=problem)


def _match(found: list[Submission], roster: Path | None) -> Iterator[Submission]:
    if roster is None:
        yield from found
        return
    names = read_roster(roster)
    handed_in = {one.student for one in found}
    for one in found:
        if one.student in names:
            yield replace(one, name=names[one.student])
        else:
            yield replace(one, note="not on the roster; check the name, or add the student to it")
    for student, name in names.items():
        if student not in handed_in:
            yield Submission(student, name, problem="nothing handed in")
