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
    r"^(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_(?P<file>\d+)_(?P<title>.+?)(?:-(?P<again>\d+))?(?:\.\w+)?$", re.I
)
_MOODLE = re.compile(r"^(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<title>.*))?$")
_MOST_CELLS = 2000
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
            for cell in notebook.cells:
                if not (
                    isinstance(cell.source, str) and isinstance(cell.cell_type, str) and hasattr(cell.metadata, "get")
                ):
                    raise ValueError("a cell lacks its text, its type or its metadata")
            if len(notebook.cells) > _MOST_CELLS:
                raise ValueError(f"it has more than {_MOST_CELLS} cells")
            return notebook
        except Exception as error:  # nbformat lets through whatever its parts raise
            reason = (
                type(error).__name__ if isinstance(error, UnicodeDecodeError) else re.sub(r"\s+", " ", str(error))[:60]
            )
            raise ValueError(f"the file is damaged, or no notebook ({reason})") from None


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
    for place, content, problem in _files(submissions):
        one, attempt = _read_name(place, content, problem)
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
            return {i: n.strip() for i, n in zip(ids, listed[name_column], strict=True) if i and n != "Student, Test"}
    raise ValueError(
        f"{path}: found the columns {', '.join(listed.columns[:5])}; expected id and name, or a gradebook of Canvas "
        "(ID, Student) or Moodle (Identifier, Full name)."
    )


def _files(path: Path) -> Iterator[tuple[PurePosixPath, bytes, str]]:
    """Yield each file that a student may have handed in: its place, its content, and why it is no notebook."""
    if path.is_file():
        yield from _unzip(PurePosixPath(), path.read_bytes(), "", [_LARGEST * 20])
        return
    for file in sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink()):
        place = PurePosixPath(file.relative_to(path).as_posix())
        if file.suffix.lower() == ".zip":
            yield from _unzip(place.parent, file.read_bytes(), place.stem, [_LARGEST * 20])
        elif problem := _problem(place, file.stat().st_size):
            yield place, b"", problem
        elif _wanted(place):
            yield place, file.read_bytes(), ""


def _unzip(
    folder: PurePosixPath, packed: bytes, stem: str, room: list[int]
) -> Iterator[tuple[PurePosixPath, bytes, str]]:
    """Yield the files in a zip, without writing anything: a name such as ../../x reaches no file.

    `room` is what may still be unpacked, in bytes: a small zip can hold more than a machine.
    """
    own = bool(stem and (_CANVAS.match(stem) or _MOODLE.match(stem) or folder.parts))
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            inside = [i for i in archive.infolist() if not i.is_dir() and not _hidden(PurePosixPath(i.filename))]
            if own and not any(_wanted(PurePosixPath(i.filename)) for i in inside):
                yield folder / f"{stem}.ipynb", b"", "a zip without a notebook"
            for item in inside[:5000]:
                kept = [part for part in PurePosixPath(item.filename).parts if part.strip("/") not in ("", "..")]
                place = folder / stem / PurePosixPath(*kept)
                size = min(item.file_size, _LARGEST + 1)
                if problem := _problem(place, item.file_size if size <= room[0] else _LARGEST + 1):
                    yield place, b"", problem
                    continue
                if not _wanted(place) and place.suffix.lower() != ".zip":
                    continue
                content = archive.open(item).read(size)
                room[0] -= len(content)
                if _wanted(place):
                    yield place, content, ""
                elif not own:  # a zip of one student inside the zip of all
                    yield from _unzip(place.parent, content, place.stem, room)
    except Exception:  # a damaged zip raises whatever its parts raise
        yield folder / f"{stem or 'submissions'}.ipynb", b"", "a zip that cannot be opened"


def _problem(place: PurePosixPath, size: int) -> str:
    """Say why a file of a student cannot be marked; nothing for a notebook, and for what the LMS put there itself."""
    if _hidden(place):
        return ""
    if _wanted(place):
        return "" if size <= _LARGEST else f"a notebook of more than {_LARGEST >> 20} MB"
    from_lms = any(_CANVAS.match(part) or _MOODLE.match(part) for part in place.parts)
    if not from_lms or place.suffix.lower() in (".zip", ".html", ".htm"):
        return ""
    return f"a file of the kind {place.suffix or 'without ending'}, which is no notebook"


def _hidden(place: PurePosixPath) -> bool:
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in place.parts)


def _wanted(place: PurePosixPath) -> bool:
    return place.suffix.lower() == ".ipynb" and not _hidden(place)


def _read_name(place: PurePosixPath, content: bytes, problem: str) -> tuple[Submission, int]:
    """Find the student in the outermost name that the LMS wrote; names further inside are the student's own."""
    file = _clean(str(place))
    for part in place.parts:
        if found := _MOODLE.match(part) or _CANVAS.match(part):
            told = found.groupdict()
            note = "handed in late, says Canvas" if told.get("late") else ""
            one = Submission(found["id"], _clean(found["name"]), file, content, problem, note)
            return one, int(told.get("again") or 0)
    who = _clean(place.parts[0] if len(place.parts) > 1 else place.stem)
    return Submission(who, who, file, content, problem), 0


def _clean(name: str) -> str:
    """Return a name that can be written to any file: half of a surrogate pair becomes a question mark."""
    return name.encode("utf-8", "replace").decode()


def _choose(several: list[tuple[int, Submission]]) -> Submission:
    """Return the last attempt of a student; where nothing says which is the last, say so and mark none."""
    notebooks = [(attempt, one) for attempt, one in several if not one.problem]
    several = notebooks or several  # other files beside a notebook are of no interest
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
            missing = "not on the roster; check the name, or add the student to it"
            yield replace(one, note="; ".join(filter(None, [one.note, missing])))
    for student, name in names.items():
        if student not in handed_in:
            yield Submission(student, name, problem="nothing handed in")
