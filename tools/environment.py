"""Create `.venv` and install the lock into it; do nothing where that is already done.

Usage: `python3 tools/environment.py`. It runs before anything is installed, under whatever Python the reader has,
so it needs the standard library only and says in one sentence what to do when it cannot go on.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
TRIED = ((3, 11), (3, 12), (3, 13))
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.txt"


def refuse_or_warn() -> None:
    """Stop under a Python that is too old; say so under one that nobody has tried."""
    version = sys.version_info[:2]
    shown = ".".join(map(str, version))
    tried = ", ".join(".".join(map(str, t)) for t in TRIED)
    if version < OLDEST:
        sys.exit(
            f"Four Sources needs Python 3.11 or newer, and {sys.executable} is Python {shown}: "
            f"install a newer one (tried: {tried}) and name it, as in `make book PYTHON=python3.12`."
        )
    if version not in TRIED:
        print(
            f"Four Sources has been tried with Python {tried}, not with {shown}: "
            "if the installation fails, name another one, as in `make book PYTHON=python3.12`.",
            file=sys.stderr,
        )


def create_venv() -> None:
    """Make the virtual environment; on Debian and Ubuntu, fetch the package that holds `venv` where it is missing."""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    root = [] if os.geteuid() == 0 else ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]
    missing = importlib.util.find_spec("ensurepip") is None
    if missing and shutil.which("apt-get") and (not root or shutil.which("sudo")):
        print(f"This Python has no working `venv`; installing Debian's package {package} …", flush=True)
        subprocess.run([*root, "apt-get", "update", "-qq"])
        subprocess.run([*root, "apt-get", "install", "-y", "-qq", package])
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if made.returncode and "ensurepip is not" in made.stdout:
        sys.exit(f"This Python has no working `venv`: run `sudo apt-get install {package}`, then the command again.")
    if made.returncode:
        sys.exit(f"Python could not create {VENV}: {made.stderr or made.stdout}")


def main() -> None:
    """Bring `.venv` in line with the lock; the stamp file says what it was made from."""
    made_from = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + sys.version.encode())
    stamp = VENV / "made-from"
    if stamp.exists() and stamp.read_text() == made_from.hexdigest():
        return
    refuse_or_warn()
    print("Installing what the book needs into .venv (once; a few minutes) …", flush=True)
    create_venv()
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"]
    for what in (["-r", str(LOCK)], ["-e", str(ROOT)]):
        if subprocess.run([*pip, *what]).returncode:
            sys.exit(f"The installation of {what[-1]} failed (no network?): see pip's message above, then try again.")
    stamp.write_text(made_from.hexdigest())


if __name__ == "__main__":
    main()
