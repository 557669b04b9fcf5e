// Makes each figure live when it scrolls into view: the drawing made at build time gives way to an interactive chart.
// Where this script or Vega does not run, the drawing stays. A classic script, because modules do not load from file://.
(() => {
  "use strict";
  const vega = new URL("vega.js", document.currentScript.src);
  let loading;

  function loadVega() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = vega;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${vega} did not load`));
      document.head.append(script);
    });
    return loading;
  }

  async function makeLive(figure) {
    if (figure.dataset.state) return;
    figure.dataset.state = "loading";
    const drawing = figure.querySelector(".fs-drawing");
    const spec = JSON.parse(figure.querySelector(".fs-spec").textContent);
    const target = document.createElement("div");
    target.className = "fs-live";
    try {
      await loadVega();
      drawing.append(target);
      const { view } = await vegaEmbed(target, { ...spec, width: drawing.clientWidth }, {
        config: vegaTheme,
        renderer: "svg",
        actions: false,
        defaultStyle: false,
      });
      views.set(target, { view, width: drawing.clientWidth });
    } catch (error) {
      target.remove();
      figure.dataset.state = "static";
      console.warn("Four Sources: the chart stays a drawing.", error);
      return;
    }
    const svg = target.querySelector("svg");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", drawing.dataset.label);
    figure.dataset.state = "live";
    resized.observe(target);
  }

  // A live chart takes the width of its column once the column has come to rest: while the sidebars fold, it is wider
  // than the screen for a moment.
  const views = new Map();
  let rest;

  function fit() {
    for (const [target, shown] of views) {
      if (!target.isConnected) {
        shown.view.finalize();
        views.delete(target);
      } else if (target.clientWidth && target.clientWidth !== shown.width) {
        shown.width = target.clientWidth;
        shown.view.width(shown.width).runAsync();
      }
    }
  }

  const resized = new ResizeObserver(() => {
    clearTimeout(rest);
    rest = setTimeout(fit, 150);
  });

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        seen.unobserve(entry.target);
        makeLive(entry.target);
      }
    }
  });

  function watch(root) {
    root.querySelectorAll(".fs-chart").forEach((figure) => seen.observe(figure));
  }

  window.foursources = { watch };
  watch(document);
})();
