"""Run a student's code in bubblewrap: no network, no files but its own copy, and limits on time, memory and output."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
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
    """

    cell_seconds: float = 20
    seconds: float = 90
    memory: int = 2 << 30
    output: int = 20 << 20


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
    tried = subprocess.run([*_walls(Path(tempfile.gettempdir())), "/bin/sh", "-c", ":"], capture_output=True, text=True)
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
    limits: Limits = Limits(),
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
    with tempfile.TemporaryDirectory(prefix="foursources-") as name, tempfile.TemporaryFile() as result:
        folder = Path(name)
        (folder / "data").mkdir()
        for table in tables:
            shutil.copy(DATA / f"{table}.csv", folder / "data")
        job = {
            "cells": [{"id": cell, "source": source} for cell, source in cells],
            "helpers": helpers,
            "checks": {check: list(expressions) for check, expressions in checks.items()},
            "seconds": limits.cell_seconds,
        }
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        shutil.copy(_BOX, folder / "box.py")
        inside = Path("/box") if boxed else folder
        python = [sys.executable, "-I", str(inside / "box.py"), str(inside / "job.json"), str(result.fileno())]
        numbers = [str(n) for n in (limits.memory >> 10, limits.output >> 9, int(limits.seconds) + 5)]
        command = [*(_walls(folder) if boxed else []), "/bin/sh", "-c", _LIMITS, "sh", *numbers, *python]
        process = subprocess.Popen(
            command,
            cwd=None if boxed else folder,
            env={"PATH": "/usr/bin:/bin", "HOME": str(inside), "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[result.fileno()],
            start_new_session=True,
        )
        try:
            status = process.wait(timeout=limits.seconds)
            died = "" if status == 0 else f"the run ended with status {status}"
        except subprocess.TimeoutExpired:
            died = f"the run took longer than {limits.seconds:.0f} seconds"
        finally:
            _kill(process)
        result.seek(0)
        return _read(result.read(limits.output), died)


def _read(written: bytes, died: str) -> Outcome:
    """Read what the box wrote; a line that is broken or forged counts for nothing but itself."""
    values: dict[str, list[dict[str, object]]] = {}
    errors: dict[str, tuple[str, str]] = {}
    last, ended = "", False
    for line in written.decode("utf-8", "replace").splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if not isinstance(said, dict):
            continue
        last = str(said.get("cell", last))
        if "error" in said:
            errors[str(said["error"])] = (str(said.get("kind", "")), str(said.get("text", "")))
        if isinstance(said.get("values"), list):
            values[str(said.get("check"))] = [v for v in said["values"] if isinstance(v, dict)]
        ended = ended or said.get("end") is True
    if not ended and not died:
        died = "the run stopped by itself before its end"
    return Outcome(values, errors, "" if ended else died, last)


def _kill(process: subprocess.Popen) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, 9)
    process.wait()


def _walls(folder: Path) -> list[str]:
    """Return the command that shows a process the system's programs, this Python, and one folder as its own."""
    shown = [*_SYSTEM, *{sys.base_prefix, sys.prefix}]
    binds = [part for path in shown for part in ("--ro-bind-try", path, path)]
    return [
        *("bwrap", "--unshare-all", "--die-with-parent", "--new-session"),
        *binds,
        *("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--bind", str(folder), "/box", "--chdir", "/box"),
    ]
