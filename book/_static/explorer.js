// Switches an explorer between its frames, which were all made when the page was built. The state stands in the
// address (#name?choice=value), so that a reader can link to it.
(() => {
  "use strict";

  function start(explorer) {
    const form = explorer.querySelector("form");
    const frame = explorer.querySelector(".fs-frame");
    const { frames, states } = JSON.parse(explorer.querySelector(":scope > script").textContent);
    const named = [...form.elements].filter((control) => control.name);
    const names = [...new Set(named.map((control) => control.name))];
    const values = names.map((name) =>
      named.filter((c) => c.name === name).flatMap((c) => (c.options ? [...c.options].map((o) => o.value) : [c.value])),
    );
    let shown = 0;

    function show() {
      const chosen = new FormData(form);
      const state = names.reduce((n, name, i) => n * values[i].length + values[i].indexOf(chosen.get(name)), 0);
      if (states[state] !== shown) {
        shown = states[state];
        frame.innerHTML = frames[shown];
        window.foursources?.watch(frame);
      }
      return new URLSearchParams(chosen);
    }

    function readAddress() {
      const [name, query] = decodeURI(location.hash.slice(1)).split("?");
      if (name !== explorer.id || !query) return;
      for (const [key, value] of new URLSearchParams(query)) {
        const i = names.indexOf(key);
        if (i >= 0 && values[i].includes(value)) form.elements[key].value = value;
      }
      show();
      explorer.scrollIntoView();
    }

    form.hidden = false;
    form.addEventListener("change", () => history.replaceState(null, "", `#${explorer.id}?${show()}`));
    form.addEventListener("submit", (event) => event.preventDefault());
    window.addEventListener("hashchange", readAddress);
    show(); // a browser that comes back to the page may have kept other choices
    readAddress();
  }

  document.querySelectorAll(".fs-explorer").forEach(start);
})();
