"""Let a reader choose, and show what follows: with a kernel as widgets, in the published page with no kernel.

`explore(function, …)` calls a plain function for every combination of a few finite choices when the page is built.
The page holds native form controls and one frame per state; `explorer.js` only switches between them.
"""

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import altair as alt

from foursources import charts, markup

MOST_STATES = 200
MOST_RADIOS = 4
"""Up to this many values a choice is shown as radio buttons, beyond it as a select box."""

Choice = Sequence[str] | Mapping[str, Any]


class ExplorerError(ValueError):
    """The explorer cannot be published; the message says what to change."""


class Explorer:
    """An explorable function; see `explore`."""

    def __init__(
        self, function: Callable[..., Any], name: str, labels: Mapping[str, str], choices: Mapping[str, Choice]
    ) -> None:
        self.function, self.name, self.labels = function, name, labels
        self.choices = {
            key: dict(values) if isinstance(values, Mapping) else {str(v): v for v in values}
            for key, values in choices.items()
        }

    def frames(self) -> tuple[list[str], list[int]]:
        """Call the function for every state and return the distinct frames, and for each state its frame's index.

        States are ordered like nested loops, the last choice turning fastest. Only the first frame of a chart is
        drawn here; the others carry their specification and are drawn by the reader's browser.
        """
        frames: dict[str, int] = {}
        states = []
        for values in itertools.product(*(v.values() for v in self.choices.values())):
            frame = _frame(self.function(**dict(zip(self.choices, values, strict=True))), first=not frames)
            states.append(frames.setdefault(frame, len(frames)))
        return list(frames), states

    def html(self) -> str:
        """Return the published form: controls, the first frame, and the other frames as data."""
        frames, states = self.frames()
        controls = "".join(self._control(key, list(values)) for key, values in self.choices.items())
        return (
            f'<div class="fs-explorer" id="{self.name}"><form hidden>{controls}</form>'
            "<noscript><p>With JavaScript you can change the choices here. "
            f"Shown: {escape(self._first())}.</p></noscript>"
            f'<div class="fs-frame" aria-live="polite">{frames[0]}</div>'
            f"{markup.script_data({'frames': frames, 'states': states})}</div>"
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        import ipywidgets
        from IPython.display import HTML, display

        def show(**chosen: str) -> None:
            result = self.function(**{key: self.choices[key][label] for key, label in chosen.items()})
            display(HTML(markup.block(result)) if isinstance(result, str) else result)

        boxes = {
            key: ipywidgets.Dropdown(
                options=list(values), description=self._label(key), style={"description_width": "auto"}
            )
            for key, values in self.choices.items()
        }
        widget = ipywidgets.interactive(show, **boxes)
        return {**widget._repr_mimebundle_(), "text/html": self.html()}

    def _label(self, key: str) -> str:
        return self.labels.get(key, key.replace("_", " ").capitalize())

    def _first(self) -> str:
        return "; ".join(f"{self._label(key)}: {next(iter(values))}" for key, values in self.choices.items())

    def _control(self, key: str, values: list[str]) -> str:
        base = f"{self.name}-{key}"
        if len(values) > MOST_RADIOS:
            options = "".join(f"<option>{escape(v)}</option>" for v in values)
            label = f'<label for="{base}">{escape(self._label(key))}</label>'
            return f'<p>{label} <select id="{base}" name="{key}">{options}</select></p>'
        radios = "".join(
            f'<span><input type="radio" id="{base}-{i}" name="{key}" value="{escape(v)}"{" checked" if i == 0 else ""}>'
            f' <label for="{base}-{i}">{escape(v)}</label></span>'
            for i, v in enumerate(values)
        )
        return f"<fieldset><legend>{escape(self._label(key))}</legend>{radios}</fieldset>"


def explore(
    function: Callable[..., Any], name: str, labels: Mapping[str, str] | None = None, **choices: Choice
) -> Explorer:
    """Show a function of a few finite choices so that a reader can change them, with or without a kernel.

    Parameters
    ----------
    function : callable
        Takes one keyword argument per choice; returns Markdown, an Altair chart, or any object that shows as HTML.
    name : str
        Name of the explorer on its page, in lower case with hyphens; it begins the address of each state,
        as in ``#text-or-not?term=corridor``.
    labels : mapping, optional
        What each choice is called on the page.
    **choices : sequence of str, or mapping from label to value
        The values of each argument; the first of each makes the state that a page without JavaScript shows.

    Returns
    -------
    Explorer
        Shown by Jupyter as widgets, and by the published page as plain HTML controls.

    Raises
    ------
    ExplorerError
        If the name does not fit an address, a choice is empty, or there are more than 200 states.

    Examples
    --------
    >>> explore(lambda track: f"You chose **{track}**.", "track", track=["EU", "US"]).frames()[1]
    [0, 1]
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise ExplorerError(f"The explorer's name is {name!r}; expected lower-case letters, digits and hyphens.")
    explorer = Explorer(function, name, labels or {}, choices)
    sizes = {key: len(values) for key, values in explorer.choices.items()}
    if not sizes or 0 in sizes.values():
        raise ExplorerError(f"The explorer {name!r} needs at least one value for each choice; it has {sizes}.")
    states = 1
    for size in sizes.values():
        states *= size
    if states > MOST_STATES:
        raise ExplorerError(
            f"The explorer {name!r} has {states} states ({' × '.join(map(str, sizes.values()))}); "
            f"at most {MOST_STATES} can be published. Offer fewer values, or make one choice an Altair parameter."
        )
    return explorer


def _frame(result: Any, first: bool) -> str:  # noqa: ANN401
    """Turn what a function returned into HTML."""
    if isinstance(result, str):
        return markup.block(result)
    if isinstance(result, alt.TopLevelMixin):
        return charts.Figure.of(result.to_dict()).html(static=first)
    if hasattr(result, "_repr_html_"):
        return result._repr_html_()
    raise ExplorerError(
        f"The explored function returned a {type(result).__name__}; expected Markdown, a chart or a table."
    )
