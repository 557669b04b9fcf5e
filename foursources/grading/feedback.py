"""One page of feedback for each student: what was asked, what was seen, which check failed; never a hidden check."""

import json
import re
from typing import TYPE_CHECKING

from jinja2 import Environment
from markupsafe import Markup

from foursources import markup
from foursources.grading.source import Assignment

if TYPE_CHECKING:
    from foursources.grading.mark import Marked

_PAGE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}: {{ one.name }}</title>
<style>
:root { color-scheme: light dark; }
body { max-width: 46rem; margin: 0 auto; padding: 1rem; font: 1rem/1.6 system-ui, sans-serif; }
section { border-top: 1px solid #888; margin-top: 1.5rem; }
pre, code { font-size: 0.9em; white-space: pre-wrap; overflow-wrap: anywhere; }
blockquote { margin: 0.8rem 0; padding-left: 1rem; border-left: 4px solid #888; white-space: pre-wrap; }
ul { list-style: none; padding: 0; } li { margin: 0.8rem 0; }
</style></head><body>
<h1>{{ title }}</h1>
<p><strong>{{ one.name }}</strong>. {{ status }}</p>
{% for note in one.notes %}<p>Note: {{ note }}.</p>
{% endfor %}
{% for task in tasks %}
<section><h2>{{ task.name }}: {{ task.points }} of {{ task.of }}</h2>
<details><summary>What was asked</summary>{{ task.asked }}</details>
{% if task.error %}<p>Your code stopped with: <code>{{ task.error }}</code></p>
{% endif %}
<ul>
{% for row in task.rows %}
<li>{{ "✓ Passed" if row.passed else "✗ " ~ row.message }}<br><code>{{ row.expression }}</code><br>
Seen: <code>{{ row.seen }}</code></li>
{% endfor %}
{% for passed in task.more %}<li>{{ "✓ Further checks: passed" if passed else "✗ Further checks: not passed" }}</li>
{% endfor %}
</ul></section>
{% endfor %}
{% for task in written %}
<section><h2>{{ task.name }}</h2>
<details><summary>What was asked</summary>{{ task.asked }}</details>
{% if task.answer %}<blockquote>{{ task.answer }}</blockquote>{% else %}<p>No answer was found.</p>{% endif %}
<p>A person marks this by: {{ task.criteria }}.</p></section>
{% endfor %}
</body></html>
"""
)
_LINK = re.compile(r'<a href="\.\./[^"]*">(.*?)</a>')
_STATUS = {
    "marked": "The checks gave {points:g} of {of:g} points. The written answer is marked by a person. "
    "A group of checks gives its points only if all of it passes.",
    "blank": "Nothing was written in this notebook.",
    "not marked": "This submission could not be marked by the program. This is no grade: your instructor looks at it.",
}


def page(assignment: Assignment, one: "Marked") -> str:
    """Return the page of one student as HTML that needs no other file."""
    tasks = []
    for task in assignment.tasks if one.points else ():
        checks = [check for check in assignment.checks if check.task == task]
        rows, more = [], []
        for check in checks:
            passed = one.passed[check.id]
            if check.hidden:
                more.append(all(passed))
                continue
            for (expression, message), seen, right in zip(check.asserts, one.seen[check.id], passed, strict=True):
                shown = seen.get("error") or json.dumps(seen.get("value"), ensure_ascii=False)
                rows.append({"expression": expression, "seen": shown[:300], "passed": right, "message": message})
        tasks.append(
            {
                "name": _heading(assignment.asked(task), task),
                "asked": _safe(assignment.asked(task)),
                "points": f"{sum(one.points[check.id] for check in checks):g}",
                "of": f"{sum(check.points for check in checks):g}",
                "error": one.errors.get(task, ""),
                "rows": rows,
                "more": more,
            }
        )
    written = [
        {
            "name": _heading(assignment.asked(name), "Written answer"),
            "asked": _safe(assignment.asked(name)),
            "answer": one.written.get(name, ""),
            "criteria": ", ".join(criterion.name.lower() for criterion in assignment.rubric(name)),
        }
        for name in assignment.written
    ]
    status = _STATUS[one.status].format(points=sum(one.points.values()), of=assignment.auto_points)
    return _PAGE.render(title=assignment.title, one=one, status=status, tasks=tasks, written=written)


def _heading(asked: str, name: str) -> str:
    """Return the heading of the cell that asks, or else a name."""
    found = re.search(r"^#+ +(.+)$", asked, re.M)
    return re.sub(r"\s*\(\d+ points?\)$", "", found[1].strip()) if found else name


def _safe(text: str) -> Markup:
    """Render the course's own Markdown; links to the reading guide lead nowhere from here, so only their words stay."""
    return Markup(_LINK.sub(r"\1", markup.block(text)))
