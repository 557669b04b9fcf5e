"""What runs inside the sandbox: a student's code cells, then expressions, whose values go out as JSON.

Run as a script, alone: `python -I box.py JOB OUT IN`. It imports nothing of this project, and no answer is in JOB.
Hidden expressions arrive only when the cells have run. What a student's code does to this process can spoil only its
own values: they are compared outside.
"""

import ast
import io
import json
import os
import resource
import signal
import sys
import traceback
from typing import Any

MOST_TEXT = 2_000  # letters of a value or of an error that are worth showing


class TooLong(BaseException):
    """A cell ran longer than it may; not an Exception, so that `except Exception` does not swallow it."""


def plain(value: Any, depth: int = 0) -> Any:  # noqa: ANN401
    """Turn a value into JSON's own types; what is no plain data becomes a note of its type.

    Only exact types are taken: a subclass may claim to equal everything.
    """
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value if kind is not str else value[:100_000]
    if kind is float:
        return value if value == value and abs(value) != float("inf") else {"not a number": repr(value)}
    if depth > 8:
        return {"type": "nested too deep"}
    if kind in (list, tuple):
        return [plain(item, depth + 1) for item in value[:10_000]]
    if kind in (set, frozenset):
        return {"set": sorted((plain(item, depth + 1) for item in value), key=repr)}
    if kind is dict:
        return {str(key): plain(item, depth + 1) for key, item in list(value.items())[:10_000]}
    if kind.__module__ == "numpy" and getattr(value, "shape", None) == ():
        return plain(value.item(), depth + 1)
    return {"type": f"{kind.__module__}.{kind.__qualname__}"[:200]}


def without_magics(source: str) -> str:
    """Leave out lines of a notebook that are no Python: `%matplotlib inline`, `!pip install …`."""
    try:
        ast.parse(source)
    except SyntaxError:
        kept = [line if not line.lstrip().startswith(("%", "!")) else "" for line in source.split("\n")]
        return "\n".join(kept)
    return source


def main(job_path: str, out: int, then: int) -> None:
    """Run the job and write its result to an open file, step by step, so that a run that dies still says where."""
    dumps, loads, evaluate, execute = json.dumps, json.loads, eval, exec
    write, read, close = os.write, os.read, os._exit
    with open(job_path, encoding="utf-8") as file:  # noqa: PTH123
        job = json.load(file)
    if job["processes"]:
        resource.setrlimit(resource.RLIMIT_NPROC, (job["processes"], job["processes"]))
    namespace: dict[str, Any] = {"__name__": "__main__", "display": lambda *_: None, "get_ipython": lambda: None}
    printed = io.StringIO()

    def say(**what: object) -> None:
        write(out, (dumps(what) + "\n").encode())

    def stop(*_: object) -> None:
        job["seconds"] = max(2, job["seconds"] / 4)  # the same loop is met again in each of its checks
        raise TooLong

    class Bounded(io.TextIOBase):
        """Keeps the first letters that are printed and forgets the rest."""

        def write(self, text: str) -> int:
            if printed.tell() < MOST_TEXT:
                printed.write(str(text)[:MOST_TEXT])
            return len(text)

    signal.signal(signal.SIGALRM, stop)
    for cell in job["cells"]:
        say(cell=cell["id"])
        sys.stdout = sys.stderr = Bounded()
        signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, job["seconds"])
        try:
            execute(compile(without_magics(cell["source"]), f"<{cell['id']}>", "exec"), namespace)
        except TooLong:
            say(error=cell["id"], kind="TooLong", text="ran too long")
        except BaseException as error:
            last = traceback.format_exception_only(type(error), error)[-1].strip()
            say(error=cell["id"], kind=type(error).__name__, text=last[:MOST_TEXT])
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    try:
        execute(compile(job["helpers"], "<helpers>", "exec"), namespace)
    except BaseException as error:
        say(error="helpers", kind=type(error).__name__, text=str(error)[:MOST_TEXT])

    def answer(check: str, expressions: list[str]) -> None:
        values = []
        for expression in expressions:
            signal.signal(signal.SIGALRM, stop)
            signal.setitimer(signal.ITIMER_REAL, job["seconds"])
            try:
                values.append({"value": loads(dumps(plain(evaluate(expression, namespace))))})
            except TooLong:
                values.append({"error": "ran too long"})
            except BaseException as error:
                last = traceback.format_exception_only(type(error), error)[-1].strip()
                values.append({"error": last[:MOST_TEXT]})
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        say(check=check, values=values)

    for check, expressions in job["checks"].items():
        answer(check, expressions)
    say(ready=True)
    received = b""
    while part := read(then, 1 << 16):
        received += part
    for check, expressions in loads(received or b"{}").items():
        answer(check, expressions)
    say(end=True)
    close(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
