// Filters and searches a list of records that the page holds in full. The choices stand in the address
// (#name?Label=value), so that a reader can link to them; #id of a record shows that record.
(() => {
  "use strict";

  function start(list) {
    const form = list.querySelector("form");
    const status = list.querySelector(".fs-count");
    const boxes = [...form.querySelectorAll("select")];
    const search = form.elements.search;
    const sections = [...list.querySelectorAll("section")];
    const items = [...list.querySelectorAll("li[data-facets]")].map((li) => ({
      li,
      facets: li.dataset.facets.split(";").map((f) => f.split(",").map(Number)),
      text: li.textContent.toLowerCase(),
    }));
    const plain = boxes.map((box) => [...box.options].map((option) => option.value));

    // An item fits if each box but the one left out shows all (position 0) or one of the item's values.
    function fits(item, words, leftOut) {
      return (
        boxes.every((b, i) => i === leftOut || b.selectedIndex === 0 || item.facets[i].includes(b.selectedIndex - 1)) &&
        words.every((word) => item.text.includes(word))
      );
    }

    function show() {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      let n = 0;
      for (const item of items) {
        item.li.hidden = !fits(item, words, -1);
        n += !item.li.hidden;
      }
      for (const section of sections) section.hidden = !section.querySelector("li[data-facets]:not([hidden])");
      // How many records each value would leave, so that no reader chooses their way to an empty list.
      boxes.forEach((box, i) => {
        const rest = items.filter((item) => fits(item, words, i));
        [...box.options].forEach((option, j) => {
          const left = j === 0 ? rest.length : rest.filter((item) => item.facets[i].includes(j - 1)).length;
          option.textContent = `${plain[i][j]} (${left})`;
        });
      });
      status.textContent = n ? `${n} of ${items.length} ${list.dataset.noun}` : `No ${list.dataset.noun} fit these choices.`;
    }

    function address() {
      const chosen = new URLSearchParams(boxes.filter((b) => b.selectedIndex).map((b) => [b.name, b.value]));
      if (search.value) chosen.set("search", search.value);
      return `#${list.id}?${chosen}`;
    }

    function readAddress() {
      const [name, query] = location.hash.slice(1).split("?");
      const target = items.find((item) => item.li.id === decodeURIComponent(name));
      if (name === list.id && query !== undefined) {
        const chosen = new URLSearchParams(query);
        boxes.forEach((box, i) => (box.selectedIndex = Math.max(0, plain[i].indexOf(chosen.get(box.name)))));
        search.value = chosen.get("search") ?? "";
      } else if (target) {
        boxes.forEach((box) => (box.selectedIndex = 0));
        search.value = "";
      }
      show();
      if (target) target.li.scrollIntoView();
      else if (name === list.id) list.scrollIntoView();
    }

    form.hidden = false;
    form.addEventListener("input", () => {
      show();
      history.replaceState(null, "", address());
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    window.addEventListener("hashchange", readAddress);
    readAddress();
  }

  document.querySelectorAll(".fs-browse").forEach(start);
})();
