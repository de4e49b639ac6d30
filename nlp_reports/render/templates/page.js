"use strict";
document.documentElement.classList.add("js");
(() => {
  const all = (q, r = document) => Array.from(r.querySelectorAll(q));
  const state = { theme: new Set(), stance: new Set(), severity: new Set() };
  const apply = () => {
    for (const s of all(".s[data-stance]")) {
      const themes = (s.dataset.themes || "").split(" ");
      const theme = !state.theme.size || themes.some((t) => state.theme.has(t));
      const stance = !state.stance.size || state.stance.has(s.dataset.stance);
      s.classList.toggle("off", !(theme && stance));
    }
    for (const f of all(".finding[data-severity]")) f.hidden = state.severity.size > 0 && !state.severity.has(f.dataset.severity);
  };
  for (const b of all(".chips button")) {
    b.addEventListener("click", () => {
      const set = state[b.dataset.kind], on = b.getAttribute("aria-pressed") !== "true";
      b.setAttribute("aria-pressed", String(on));
      if (on) set.add(b.dataset.value); else set.delete(b.dataset.value);
      apply();
    });
  }
  const findings = () => all(".finding").filter((f) => !f.hidden);
  let at = -1;
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
    const list = findings();
    if ((e.key === "j" || e.key === "k") && list.length) {
      at = e.key === "j" ? Math.min(at + 1, list.length - 1) : Math.max(at - 1, 0);
      list[at].focus();
      list[at].scrollIntoView({ block: "nearest" });
    } else if (e.key === "Enter" && at >= 0 && document.activeElement === list[at]) {
      const link = list[at].querySelector("a[href^='#']");
      if (link) link.click();
    } else if (e.key === "Escape") {
      for (const b of all(".chips button[aria-pressed=true]")) b.click();
    }
  });
  for (const table of all("table.sortable")) {
    all("thead th", table).forEach((th, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = th.textContent;
      th.textContent = "";
      th.append(button);
      button.addEventListener("click", () => {
        const up = th.getAttribute("aria-sort") !== "ascending";
        all("thead th", table).forEach((x) => x.removeAttribute("aria-sort"));
        th.setAttribute("aria-sort", up ? "ascending" : "descending");
        const value = (tr) => tr.cells[i].dataset.value ?? tr.cells[i].textContent.trim();
        const rows = all("tbody tr", table).sort((a, b) => {
          const x = value(a), y = value(b), n = Number(x) - Number(y);
          return (Number.isNaN(n) || x === "" || y === "" ? x.localeCompare(y, "zh") : n) * (up ? 1 : -1);
        });
        table.tBodies[0].append(...rows);
      });
    });
  }
})();
