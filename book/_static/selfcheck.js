// Checks numbers and matches, announces feedback, and remembers answers in this browser alone.
// Feedback on a choice shows by style sheet, and every answer stands under its question: both work without this script.
(() => {
  "use strict";

  function remember(key, value) {
    try {
      if (value === undefined) return JSON.parse(localStorage.getItem(key));
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // The browser keeps nothing for this page: the question still works.
    }
    return null;
  }

  // 21.8 and 21,8 are the same number; 1 254, 1.254,0 and 1,254 keep their thousands.
  function parse(text) {
    let plain = text.replace(/[\s ']/g, "").replace("−", "-");
    if (/^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) plain = plain.replaceAll(",", "");
    else if (/^-?\d{1,3}(\.\d{3})+,\d+$/.test(plain)) plain = plain.replaceAll(".", "").replace(",", ".");
    else plain = plain.replace(",", ".");
    return plain === "" ? NaN : Number(plain);
  }

  function start(check) {
    if (check.dataset.ready) return;
    check.dataset.ready = "yes";
    const key = `foursources:${check.id}`;
    const form = check.querySelector("form");
    const inputs = [...form.querySelectorAll("input, select")];
    const spoken = form.querySelector(".fs-tools [role=status]");
    const button = form.querySelector(".fs-try");

    function say(box, right, html) {
      box.innerHTML = `<strong>${right ? "Yes." : "No."}</strong> ${html}`;
      box.dataset.right = right;
    }

    const judge = {
      choice(input) {
        const said = (input.checked && input.parentElement.querySelector(".fs-said")) || null;
        spoken.textContent = said ? said.textContent : "";
      },
      choices(input) {
        const said = input.checked ? input.parentElement.querySelector(".fs-said").textContent : "";
        const right = inputs.filter((i) => i.dataset.correct === "true");
        const found = right.filter((i) => i.checked).length;
        spoken.textContent = `${said} You have found ${found} of ${right.length}.`;
      },
      number() {
        const box = form.querySelector(".fs-said");
        const { answer, tolerance, mistakes } = JSON.parse(form.querySelector("script").textContent);
        const value = parse(inputs[0].value);
        const near = (other) => Math.abs(value - other) <= tolerance + 1e-9;
        const mistake = mistakes.find((m) => near(m.value));
        if (Number.isNaN(value)) say(box, false, "Write one number, such as 12 or 3.5.");
        else if (near(answer)) say(box, true, "See the explanation below.");
        else say(box, false, mistake ? mistake.html : `Your number is too ${value > answer ? "large" : "small"}.`);
      },
      match() {
        for (const select of inputs) {
          const box = select.parentElement.querySelector(".fs-said");
          if (!select.value) box.replaceChildren();
          else if (select.value === select.dataset.answer) say(box, true, box.dataset.feedback);
          else say(box, false, "Look again.");
        }
      },
    }[check.dataset.kind];

    const chosen = () => inputs.map((i) => (i.type === "radio" || i.type === "checkbox" ? i.checked : i.value));

    function clear() {
      form.reset();
      remember(key, null);
      form.querySelectorAll(".fs-option.fs-entry .fs-said, .fs-entry ~ .fs-said").forEach((box) => box.replaceChildren());
      spoken.textContent = "";
      inputs[0].focus();
    }

    form.querySelector(".fs-tools").hidden = false;
    form.querySelector(".fs-clear").addEventListener("click", clear);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      button?.click();
    });
    form.addEventListener("change", (event) => {
      remember(key, chosen());
      if (!button) judge(event.target);
    });
    if (button) {
      button.hidden = false;
      button.addEventListener("click", () => {
        remember(key, chosen());
        judge();
      });
    }
    const kept = remember(key);
    if (Array.isArray(kept) && kept.length === inputs.length) {
      inputs.forEach((input, i) => {
        if (typeof kept[i] === "boolean") input.checked = kept[i];
        else input.value = kept[i];
      });
      if (button && kept.some(Boolean)) judge();
    }
  }

  const startAll = () => document.querySelectorAll(".fs-check").forEach(start);
  startAll();
  // In a running notebook, questions appear as their cells run.
  new MutationObserver(startAll).observe(document.body, { childList: true, subtree: true });
})();
