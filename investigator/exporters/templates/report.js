"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const [text, tactic, outcome, told] = ["filter-text", "filter-tactic", "filter-outcome", "filter-count"].map(byId);
  const rows = [...byId("timeline-table").tBodies[0].rows];
  const words = rows.map((row) => row.textContent.toLowerCase());

  const filter = () => {
    const wanted = text.value.trim().toLowerCase().split(/\s+/);
    let shown = 0;
    rows.forEach((row, at) => {
      const fits = wanted.every((word) => words[at].includes(word))
        && (!tactic.value || row.dataset.tactic === tactic.value)
        && (!outcome.value || row.dataset.outcome === outcome.value);
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    told.value = `${shown} of ${rows.length}`;
  };

  const open = () => {
    const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
    const exhibit = target && target.closest("details");
    if (target && target.hidden) { text.value = tactic.value = outcome.value = ""; filter(); }
    if (exhibit && !exhibit.open) { exhibit.open = true; target.scrollIntoView(); }
  };

  [text, tactic, outcome].forEach((field) => field.addEventListener("input", filter));
  addEventListener("hashchange", open);
  byId("filters").hidden = false;
  filter();
  open();
})();
