"""Sphinx extension: what makes the published book work with no kernel, no other host, and from a USB stick.

- Pages load the course's scripts only where they have a chart, an explorer or a self-check.
- Vega is written into the build from vl-convert; charts fetch it when the first of them scrolls into view.
- Links in outputs point at `sources.md#…` or `claims.ipynb`, as in a notebook; here they become links between pages.
- The data package is published beside the pages.
- Pages depend on the data, the package, the questions, scripts and styles: when one changes, all are made again.
- An error that Jupyter shows without stopping the notebook is a warning here, and so fails the build.
"""

import json
import os
import re
import shutil
from hashlib import blake2b
from pathlib import Path
from typing import Any

import vl_convert
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from foursources import charts

ROOT = Path(__file__).resolve().parent.parent
PAGES_DEPEND_ON = (
    "data/**/*",
    "exercises/questions/*.yml",
    "foursources/**/*.py",
    "book/_static/*",
    "book/_templates/**/*",
)
SCRIPTS = {
    "fs-chart": "charts.js",
    "fs-explorer": "explorer.js",
    "fs-browse": "browse.js",
    "fs-check": "selfcheck.js",
}

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    os.environ[charts.PUBLISHING] = "yes"  # kernels inherit it
    # Jupyter Book sets this value even where the extension that knows it (comments from other hosts) is left out.
    app.add_config_value("comments_config", {}, "")
    app.connect("env-get-outdated", rerun_with_new_inputs)
    app.connect("env-updated", drop_widget_state)
    app.connect("doctree-read", report_errors_in_outputs)
    app.connect("html-page-context", finish_page)
    app.connect("build-finished", write_vega)
    app.connect("build-finished", copy_data)
    return {"parallel_read_safe": False, "parallel_write_safe": True}


def rerun_with_new_inputs(app: Sphinx, env: BuildEnvironment, *_: set[str]) -> list[str]:
    """Name all pages as outdated when something that they depend on, and Sphinx does not know of, has changed."""
    digest = blake2b()
    for pattern in PAGES_DEPEND_ON:
        for path in sorted(p for p in ROOT.glob(pattern) if p.is_file()):
            digest.update(path.as_posix().encode() + path.read_bytes())
    changed = getattr(env, "foursources_inputs", None) != digest.hexdigest()
    env.foursources_inputs = digest.hexdigest()
    return list(env.found_docs) if changed else []


def drop_widget_state(app: Sphinx, env: BuildEnvironment) -> None:
    """Keep the state of ipywidgets out of the pages: no widget manager is there to read it."""
    for data in getattr(env, "nb_metadata", {}).values():
        data.get("js_files", {}).pop("ipywidgets_state", None)


def report_errors_in_outputs(app: Sphinx, doctree: nodes.document) -> None:
    """Warn of errors in outputs: Jupyter prints an error of a display method and goes on."""
    for node in doctree.findall(nodes.literal_block):
        if "traceback" in node.get("classes", []) or node.get("language") == "ipythontb":
            logger.warning("An output of this notebook is an error:\n%s", node.astext(), location=node)


def finish_page(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Point links of outputs at pages, leave out what no reader sees, and add the scripts that the page needs."""
    body = context.get("body")
    if not body:
        return
    app.add_css_file("foursources.css")
    body = re.sub(r'"([\w-]+)\.(?:md|ipynb)(?=[#"])', r'"\1.html', body)
    # docutils marks reference lists with roles that newer ARIA has dropped, and that the labels in them contradict.
    body = body.replace(' role="doc-biblioentry"', "").replace(
        '<div role="list" class="citation', '<div class="citation'
    )
    # Names and brackets in code, and the words of a link, are marked a thousand times and look like all other text.
    body = re.sub(r'<span class="(?:n|nn|p|w|std std-ref|std std-doc)">([^<]*)</span>', r"\1", body)
    context["body"] = body
    for marker, script in SCRIPTS.items():
        if f'class="{marker}"' in body:
            app.add_js_file(script, loading_method="defer")


def write_vega(app: Sphinx, exception: Exception | None) -> None:
    """Write Vega, Vega-Lite, Vega-Embed and the course's theme into the build as one classic script."""
    target = Path(app.outdir, "_static", "vega.js")
    if exception is None and app.builder.format == "html":
        shared = f"window.vegaEmbed = vegaEmbed; window.vegaTheme = {json.dumps(charts.theme()['config'])};"
        digest = blake2b(shared.encode(), digest_size=8).hexdigest()
        made_from = f"// vl-convert {vl_convert.__version__}, Vega-Lite {charts.VEGA_LITE}, {digest}"
        if target.exists() and target.read_text(encoding="utf-8").startswith(made_from):
            return  # bundling takes two seconds
        bundle = vl_convert.javascript_bundle(shared, vl_version=charts.VEGA_LITE)
        target.write_text(f"{made_from}\n(() => {{\n{bundle}\n}})();\n", encoding="utf-8")


def copy_data(app: Sphinx, exception: Exception | None) -> None:
    """Put the data package beside the pages, so that a reader can take the tables away."""
    if exception is None and app.builder.format == "html":
        target = Path(app.outdir, "book", "data")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(ROOT / "data", target, ignore=shutil.ignore_patterns("fingerprints"))
