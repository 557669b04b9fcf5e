"""Run a student's code in bubblewrap: no network, no files but its own copy, and limits on time, memory and output."""

import contextlib
import json
import os
import platform
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from foursources.data import DATA

_BOX = Path(__file__).with_name("box.py")
_LIMITS = 'ulimit -c 0 && ulimit -v "$1" && ulimit -f "$2" && ulimit -t "$3" && shift 3 && exec "$@"'
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/alternatives")


class SandboxError(RuntimeError):
    """The sandbox does not work on this machine; the message says what to install."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes
    ----------
    cell_seconds, seconds : float
        Wall-clock time of one cell or check, and of the whole run.
    memory, output : int
        Bytes of address space, and of any file that the run writes.
    processes : int
        Processes and threads at a time. Holds in the box only, on Linux from 5.14 on, and never for root.
    """

    cell_seconds: float = 20
    seconds: float = 90
    memory: int = 2 << 30
    output: int = 20 << 20
    processes: int = 64


@dataclass(frozen=True)
class Outcome:
    """What came out of the sandbox.

    Attributes
    ----------
    values : dict
        For each check one entry for each expression, with ``value`` (plain JSON data) or ``error``.
    errors : dict
        For each cell that raised, the type of the error and its last line.
    died : str
        Empty, or how the run ended before its end.
    last : str
        The cell in which it was when it died.
    """

    values: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    errors: dict[str, tuple[str, str]] = field(default_factory=dict)
    died: str = ""
    last: str = ""


@cache
def require() -> None:
    """Make sure that bubblewrap works here.

    Raises
    ------
    SandboxError
        If it is missing, or the system does not let it work.
    """
    if sys.platform != "linux" or shutil.which("bwrap") is None:
        raise SandboxError(
            "Marking runs code of students, and bubblewrap, which keeps that code in a box, is not installed here. On "
            "Debian, Ubuntu or WSL: `sudo apt-get install bubblewrap`. If you have read every submission and trust it, "
            "`--unsafe-no-sandbox` runs the code with all your rights."
        )
    with tempfile.TemporaryDirectory() as empty:
        command = [*_walls(Path(empty)), sys.executable, "-I", "-c", ""]
        tried = subprocess.run(command, capture_output=True, text=True)
    if tried.returncode:
        raise SandboxError(
            f"bubblewrap is installed and does not work here: {tried.stderr.strip()}. It needs user namespaces; in a "
            "container, or on Ubuntu from 23.10 on, they have to be allowed: see the page on assignments in the book. "
            "`--unsafe-no-sandbox` runs the code of students with all your rights."
        )


def run(
    cells: Sequence[tuple[str, str]],
    helpers: str,
    checks: Mapping[str, Sequence[str]],
    tables: Sequence[str],
    hidden: Mapping[str, Sequence[str]] | None = None,
    limits: Limits | None = None,
    boxed: bool = True,
) -> Outcome:
    """Run code cells one after the other, then evaluate the expressions of checks.

    Parameters
    ----------
    cells : sequence of tuple
        Name and source of each cell.
    helpers : str
        Functions that the expressions use; run again right before them.
    checks : mapping of str to sequence of str
        Expressions of each check.
    tables : sequence of str
        Tables of ``data/`` that lie beside the notebook.
    hidden : mapping of str to sequence of str, optional
        Further checks. They enter the box when the cells have run; what the box says of cells after that is dropped,
        so that no error message carries them out.
    limits : Limits, optional
    boxed : bool, optional
        Whether to use bubblewrap. Without it only the limits hold.

    Raises
    ------
    SandboxError
        If `boxed` and bubblewrap does not work here.
    """
    limits = limits or Limits()
    if boxed:
        require()
    with tempfile.TemporaryDirectory(prefix="foursources-") as name:
        folder = Path(name)
        (folder / "data").mkdir()
        for table in tables:
            shutil.copy(DATA / f"{table}.csv", folder / "data")
        job = {
            "cells": [{"id": cell, "source": source} for cell, source in cells],
            "helpers": helpers,
            "checks": {check: list(expressions) for check, expressions in checks.items()},
            "seconds": limits.cell_seconds,
            "processes": limits.processes if boxed and _counts_in_the_box() else None,
        }
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        shutil.copy(_BOX, folder / "box.py")
        later = {check: list(expressions) for check, expressions in (hidden or {}).items()}
        first, second, died = _talk(folder, json.dumps(later).encode(), limits, boxed)
    sizes = {check: len(expressions) for check, expressions in {**checks, **(hidden or {})}.items()}
    known = {cell for cell, _ in cells} | {"helpers"}
    outcome = _read(first, sizes, known, died)
    late = _read(second, sizes, set(), died)
    return Outcome(
        {
            **{c: v for c, v in outcome.values.items() if c in checks},
            **{c: late.values[c] for c in later if c in late.values},
        },
        outcome.errors,
        late.died,
        outcome.last,
    )


def _counts_in_the_box() -> bool:
    """Say whether the kernel counts processes by user namespace; older ones count all that a user has."""
    return tuple(int(n) for n in re.findall(r"\d+", platform.release())[:2]) >= (5, 14)


def _talk(folder: Path, later: bytes, limits: Limits, boxed: bool) -> tuple[bytes, bytes, str]:
    """Run the box; return what it said before and after it got the hidden checks, and how it died, if it did."""
    inside = Path("/box") if boxed else folder
    (hear, say_out), (read_in, tell) = os.pipe(), os.pipe()
    python = [sys.executable, "-I", str(inside / "box.py"), str(inside / "job.json"), str(say_out), str(read_in)]
    numbers = [str(n) for n in (limits.memory >> 10, limits.output >> 9, int(limits.seconds) + 5)]
    process = subprocess.Popen(
        [*(_walls(folder) if boxed else []), "/bin/sh", "-c", _LIMITS, "sh", *numbers, *python],
        cwd=None if boxed else folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(inside), "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[say_out, read_in],
        start_new_session=True,
    )
    os.close(say_out)
    os.close(read_in)
    heard, ready, until = b"", -1, time.monotonic() + limits.seconds
    try:
        while (left := until - time.monotonic()) > 0 and len(heard) < limits.output:
            if not select.select([hear], [], [], left)[0]:
                break
            part = os.read(hear, 1 << 16)
            if not part:
                break
            heard += part
            if ready < 0 and (found := re.search(rb"^\{\"ready\": true\}\n", heard, re.M)):
                ready = found.end()
                with contextlib.suppress(BrokenPipeError):
                    os.write(tell, later)
                os.close(tell)
        status = process.wait(timeout=max(until - time.monotonic(), 0.1))
        died = "" if status == 0 else f"the run ended with status {status}"
    except subprocess.TimeoutExpired:
        died = f"the run took longer than {limits.seconds:.0f} seconds"
    finally:
        _kill(process)
        os.close(hear)
        if ready < 0:
            os.close(tell)
    return (heard[:ready], heard[ready:], died) if ready >= 0 else (heard, b"", died)


def _read(said: bytes, sizes: Mapping[str, int], known: set[str], died: str) -> Outcome:
    """Read what the box said; a line that is broken or forged counts for nothing but itself."""
    values: dict[str, list[dict[str, object]]] = {}
    errors: dict[str, tuple[str, str]] = {}
    last, ended = "", False
    for line in said.decode("utf-8", "replace").splitlines():
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if not isinstance(told, dict):
            continue
        cell, check, found = told.get("cell"), told.get("check"), told.get("values")
        last = cell if isinstance(cell, str) and cell in known else last
        if isinstance(told.get("error"), str) and told["error"] in known:
            errors[told["error"]] = (str(told.get("kind", ""))[:200], str(told.get("text", ""))[:2000])
        if isinstance(check, str) and isinstance(found, list) and len(found) == sizes.get(check, -1):
            values[check] = [_value(entry) for entry in found]
        ended = ended or told.get("end") is True
    if not ended and not died:
        died = "the run stopped by itself before its end"
    return Outcome(values, errors, "" if ended else died, last)


def _value(entry: object) -> dict[str, object]:
    """Return one value as the box may give it: plain data of a moderate depth, or an error in words."""
    if isinstance(entry, dict) and "value" in entry and str(entry["value"]).count("[") < 100_000:
        return {"value": entry["value"]}
    error = entry.get("error") if isinstance(entry, dict) else None
    return {"error": error[:2000] if isinstance(error, str) else "not evaluated"}


def _kill(process: subprocess.Popen) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, 9)
    process.wait()


def _walls(folder: Path) -> list[str]:
    """Return the command that shows a process the system's programs, this Python, and its own copy of a folder.

    What it writes lies in memory and is bounded. /proc is read-only: as root, kernel settings could be written there.
    """
    binds = [part for path in (*_SYSTEM, *{sys.base_prefix, sys.prefix}) for part in ("--ro-bind-try", path, path)]
    given = [part for path in sorted(folder.iterdir()) for part in ("--ro-bind", str(path), f"/box/{path.name}")]
    room = ("--size", str(64 << 20), "--tmpfs")
    return [
        *("bwrap", "--unshare-all", "--die-with-parent", "--new-session"),
        *(*room, "/tmp", *binds),  # in this order: the project itself may lie in /tmp
        *("--proc", "/proc", "--remount-ro", "/proc", "--dev", "/dev", *room, "/dev/shm"),
        *(*room, "/box", *given, "--remount-ro", "/", "--chdir", "/box"),
    ]
