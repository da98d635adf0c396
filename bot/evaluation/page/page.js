"use strict";
(() => {
  const form = document.querySelector(".filter");
  const table = document.querySelector("table.cases");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const parts = new Map(
    [...document.querySelectorAll("#transcripts > article")].map((each) => [each.id, each]),
  );

  const fits = (row) => {
    const { name, state, sort } = form.elements;
    const text = row.cells[0].textContent.toLowerCase();
    const passed = row.dataset.state === "passed";
    const isWanted = state.value === "" || (state.value === "passed") === passed;
    const hasSort = sort.value === "" || row.dataset.sorts.includes(`|${sort.value}|`);
    return text.includes(name.value.trim().toLowerCase()) && isWanted && hasSort;
  };

  const filter = () => {
    let shown = 0;
    for (const row of rows) {
      row.hidden = !fits(row);
      const part = parts.get(row.dataset.case);
      if (part) part.hidden = row.hidden;
      if (!row.hidden) shown += 1;
    }
    form.elements.count.value = `${shown} of ${rows.length} scenarios`;
  };

  const value = (row, column) => {
    const told = row.cells[column].dataset.value;
    return column === 0 ? told : Number(told);
  };

  const sort = (head, column) => {
    const isAscending = head.getAttribute("aria-sort") !== "ascending";
    for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", isAscending ? "ascending" : "descending");
    const sign = isAscending ? 1 : -1;
    const ordered = [...rows].sort((one, other) => {
      const [a, b] = [value(one, column), value(other, column)];
      return a < b ? -sign : a > b ? sign : 0;
    });
    body.append(...ordered);
  };

  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => sort(head, column));
    head.replaceChildren(button);
  });

  // A link leads to what may be filtered away, and to what is most worth reading there.
  const follow = () => {
    const part = parts.get(location.hash.slice(1));
    if (!part) return;
    if (part.hidden) {
      form.reset();
      filter();
    }
    const wanted = part.querySelector(".attempt.failed") ?? part.querySelector(".attempt");
    wanted.open = true;
    part.scrollIntoView();
  };

  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", follow);
  filter();
  follow();
})();
