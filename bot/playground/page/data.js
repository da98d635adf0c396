// Tables and charts. A chart is its numbers in a table too, so that nobody has to see it.

import { make } from "/markdown.js";

const text = (cell, rich) => {
  if (cell.type === "rich_text") return rich(cell);
  return String(cell.text ?? cell.value ?? "");
};

// What is wide scrolls within itself, by keyboard too; the page never does.
function wide(label, node) {
  return make("div", { class: "wide", role: "region", "aria-label": label, tabIndex: 0 }, node);
}

export function table(found, rich) {
  const rows = (found.rows ?? []).map((row) => make("tr", {}, ...row.map((cell) => make("td", {}, text(cell, rich)))));
  return wide("Table", make("table", {}, make("tbody", {}, ...rows)));
}

export function dataTable(found, rich) {
  const [head = [], ...body] = found.rows ?? [];
  const at = found.row_header_column_index ?? 0;
  const line = (row) => make("tr", {}, ...row.map((cell, column) =>
    make(column === at ? "th" : "td", column === at ? { scope: "row" } : {}, text(cell, rich))));
  return wide(found.caption, make("table", {}, make("caption", {}, found.caption),
    make("thead", {}, make("tr", {}, ...head.map((cell) => make("th", { scope: "col" }, text(cell, rich))))),
    make("tbody", {}, ...body.map(line))));
}

const pie = (drawn) => [{ name: "Value", data: drawn.segments ?? [] }];

function bar(value, most) {
  const node = make("meter", { min: 0, max: most, value, "aria-hidden": "true" });
  return make("td", {}, `${value} `, node);
}

export function chart(found) {
  const drawn = found.chart ?? {};
  const series = drawn.type === "pie" ? pie(drawn) : drawn.series ?? [];
  const labels = drawn.axis_config?.categories ?? series[0]?.data.map((point) => point.label) ?? [];
  const most = Math.max(1, ...series.flatMap((one) => one.data.map((point) => Number(point.value))));
  const axes = [drawn.axis_config?.y_label, drawn.axis_config?.x_label].filter(Boolean).join(" by ");
  const rows = labels.map((label, at) => make("tr", {}, make("th", { scope: "row" }, label),
    ...series.map((one) => bar(one.data[at]?.value ?? 0, most))));
  return wide(found.title, make("table", { class: "chart" },
    make("caption", {}, found.title, axes ? make("span", { class: "small" }, ` ${axes}`) : ""),
    make("thead", {}, make("tr", {}, make("td", {}), ...series.map((one) => make("th", { scope: "col" }, one.name)))),
    make("tbody", {}, ...rows)));
}
