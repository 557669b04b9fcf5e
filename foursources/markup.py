"""Turn the course's Markdown into HTML for outputs: questions, explorers, captions."""

import json

from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")


def block(text: str) -> str:
    """Render Markdown paragraphs, lists and tables as HTML."""
    return _markdown.render(text).strip()


def inline(text: str) -> str:
    """Render one line of Markdown as HTML without a paragraph around it."""
    return _markdown.renderInline(" ".join(text.split()))


def script_data(value: object, name: str = "fs-json") -> str:
    """Return a value as a JSON script element of a class, safe inside HTML."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f'<script type="application/json" class="{name}">{data}</script>'
