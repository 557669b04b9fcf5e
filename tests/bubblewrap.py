"""Get bubblewrap where it is missing: `python -m tests.bubblewrap`."""

import os
import shutil
import subprocess
import sys

from foursources.grading import sandbox


def main() -> None:
    apt = [*([] if os.geteuid() == 0 else ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]), "apt-get"]
    for command in ([*apt, "install", "-y", "bubblewrap"], [*apt, "update"], [*apt, "install", "-y", "bubblewrap"]):
        if shutil.which("bwrap") or sys.platform != "linux":
            break
        print("No bubblewrap found; trying:", " ".join(command), flush=True)
        try:
            subprocess.run(command, check=False, timeout=600, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(error)
    try:
        sandbox.require()
    except sandbox.SandboxError as error:
        print(f"The tests of marking will fail: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
