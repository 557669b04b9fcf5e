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
blockquote { margin: 0; padding-left: 1rem; border-left: 4px solid #888; white-space: pre-wrap; }
table { border-collapse: collapse; } td, th { text-align: left; padding: 0.2rem 0.8rem 0.2rem 0; vertical-align: top; }
</style></head><body>
<h1>{{ title }}</h1>
<p><strong>{{ one.name }}</strong>. {{ status }}</p>
{% for note in one.notes %}<p>Note: {{ note }}.</p>
{% endfor %}
{% for task in tasks %}
<section><details><summary>What was asked</summary>{{ task.asked }}</details>
<h2>Task {{ task.name }}{% if task.of %}: {{ task.points }} of {{ task.of }}{% endif %}</h2>
{% if task.error %}<p>Your code stopped with: <code>{{ task.error }}</code></p>
{% endif %}
{% if task.rows %}
<table><tr><th>Check</th><th>What was seen</th><th>Result</th></tr>
{% for row in task.rows %}
<tr><td><code>{{ row.expression }}</code></td><td><code>{{ row.seen }}</code></td>
<td>{{ "✓ passed" if row.passed else "✗ " ~ row.message }}</td></tr>
{% endfor %}
</table>
{% endif %}
{% for more in task.more %}<p>{{ more }}</p>
{% endfor %}
</section>
{% endfor %}
{% for task in written %}
<section><details><summary>What was asked</summary>{{ task.asked }}</details>
<h2>Written answer</h2>
{% if task.answer %}<blockquote>{{ task.answer }}</blockquote>{% else %}<p>No answer was found.</p>{% endif %}
<p>A person marks this by: {{ task.criteria }}.</p></section>
{% endfor %}
</body></html>
"""
)
_LINK = re.compile(r'<a href="\.\./[^"]*">(.*?)</a>')
_STATUS = {
    "marked": "The checks gave {points:g} of {of:g} points. The written answer is marked by a person.",
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
                more.append(f"Further checks: {'passed' if all(passed) else 'not passed'}.")
                continue
            for (expression, message), seen, right in zip(check.asserts, one.seen[check.id], passed, strict=True):
                shown = seen.get("error") or json.dumps(seen.get("value"), ensure_ascii=False)
                rows.append({"expression": expression, "seen": shown[:300], "passed": right, "message": message})
        tasks.append(
            {
                "name": task,
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
            "asked": _safe(assignment.asked(name)),
            "answer": one.written.get(name, ""),
            "criteria": ", ".join(criterion.name.lower() for criterion in assignment.rubric(name)),
        }
        for name in assignment.written
    ]
    status = _STATUS[one.status].format(points=sum(one.points.values()), of=assignment.auto_points)
    return _PAGE.render(title=assignment.title, one=one, status=status, tasks=tasks, written=written)


def _safe(text: str) -> Markup:
    """Render the course's own Markdown; links to the reading guide lead nowhere from here, so only their words stay."""
    return Markup(_LINK.sub(r"\1", markup.block(text)))
