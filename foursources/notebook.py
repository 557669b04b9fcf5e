"""The first cell of every chapter."""

from pathlib import Path

from IPython.display import HTML

STATIC = Path(__file__).resolve().parent.parent / "book" / "_static"


def begin() -> HTML:
    """Load the course's styles and scripts into a running notebook.

    The published page loads them itself: there, the cell is tagged `remove-cell`.
    """
    style = (STATIC / "foursources.css").read_text(encoding="utf-8")
    script = (STATIC / "selfcheck.js").read_text(encoding="utf-8")
    return HTML(f"<style>{style}</style><script>{script}</script>")
