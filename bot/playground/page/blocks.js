// Block Kit as DOM nodes: what an app writes, and what of it can be pressed.

import { chart, dataTable, table } from "/data.js";
import { confirmed } from "/dialog.js";
import { emoji, link, make, prose } from "/markdown.js";

export function words(text, names) {
  if (!text) return [];
  return text.type === "plain_text"
    ? [make("p", {}, text.text)]
    : prose(text.text ?? "", names, "mrkdwn");
}

export function rich(element, names) {
  const inside = (element.elements ?? []).map((one) => rich(one, names));
  switch (element.type) {
    case "text": return document.createTextNode(element.text ?? "");
    case "rich_text_list": return make("ul", {}, ...inside.map((item) => make("li", {}, item)));
    case "rich_text_preformatted": return make("pre", {}, ...inside);
    case "rich_text_quote": return make("blockquote", {}, ...inside);
    case "link": return link(element.url ?? "", element.text ?? element.url ?? "");
    case "emoji": return document.createTextNode(emoji(element.name));
    case "user": return make("span", { class: "mention" }, `@${names.people[element.user_id]?.name ?? element.user_id}`);
    default: return make("span", {}, ...inside);
  }
}

// `press` is called with the action id and the value, and its promise ends with the app's ack.
function button(element, press, names) {
  const label = element.text?.text ?? element.type;
  const node = make("button", { type: "button", class: element.style ?? "" }, emojis(label));
  if (element.accessibility_label) node.setAttribute("aria-label", element.accessibility_label);
  node.addEventListener("click", async () => {
    if (element.confirm && !(await confirmed(asked(element.confirm), words(element.confirm.text, names)))) return;
    if (!element.action_id) return;
    node.disabled = true;
    const taken = await press(element.action_id, element.value);
    node.disabled = false;
    if (taken && element.feedback) settle(node);
  });
  return node;
}

// As Slack does, the pressed one of two feedback buttons stays marked.
function settle(node) {
  for (const one of node.parentElement.querySelectorAll("button")) one.setAttribute("aria-pressed", String(one === node));
  node.focus();
}

const emojis = (text) => text.replace(/:([a-z0-9_+-]+):/g, (_, name) => emoji(name));

const asked = (ask) => ({
  title: ask.title?.text ?? "Are you sure?", confirm: ask.confirm?.text ?? "Yes", deny: ask.deny?.text ?? "Cancel", style: ask.style,
});

function feedback(element, press, names) {
  const both = [element.positive_button, element.negative_button].filter(Boolean);
  return make("span", { class: "buttons feedback", role: "group", "aria-label": "Rate this answer" },
    ...both.map((one) => button({ ...one, action_id: element.action_id, feedback: true }, press, names)));
}

function section(found, names, press) {
  const beside = found.accessory?.type === "button"
    ? [make("div", { class: "buttons" }, button(found.accessory, press, names))] : [];
  return [...words(found.text, names), ...(found.fields ?? []).flatMap((field) => words(field, names)), ...beside];
}

function context(found, names) {
  const inside = (found.elements ?? []).flatMap((element) =>
    words(element.type === "image" ? { type: "plain_text", text: element.alt_text } : element, names));
  return [make("div", { class: "context" }, ...inside)];
}

function actions(found, names, press) {
  const inside = (found.elements ?? []).map((element) => element.type === "feedback_buttons"
    ? feedback(element, press, names) : button(element, press, names));
  return [make("div", { class: "buttons" }, ...inside)];
}

function container(found, names, press) {
  const inside = (found.child_blocks ?? []).flatMap((child) => block(child, names, press));
  const title = found.title?.text ?? "Details";
  const under = found.subtitle?.text ? [make("span", { class: "small" }, ` ${found.subtitle.text}`)] : [];
  if (!found.is_collapsible) return [make("section", { class: "folded", "aria-label": title }, make("p", {}, make("b", {}, title), ...under), ...inside)];
  return [make("details", { class: "folded", open: !found.default_collapsed }, make("summary", {}, title, ...under), ...inside)];
}

// Pictures of other sites are not fetched: the page shows what stands for them.
const image = (found) => [make("p", { class: "context" }, `Picture: ${found.alt_text}`)];

const DRAWN = {
  markdown: (found, names) => prose(found.text ?? "", names),
  header: (found) => [make("h3", {}, emojis(found.text?.text ?? ""))],
  divider: () => [make("hr")],
  section, context, actions, context_actions: actions, container, image,
  rich_text: (found, names) => (found.elements ?? []).map((element) => make("div", {}, rich(element, names))),
  table: (found, names) => [table(found, (cell) => rich(cell, names))],
  data_table: (found, names) => [dataTable(found, (cell) => rich(cell, names))],
  data_visualization: (found) => [chart(found)],
};

export function block(found, names, press) {
  const draw = DRAWN[found.type];
  return draw ? draw(found, names, press)
    : [make("p", { class: "context" }, `(a ${found.type} block, which this page does not draw)`)];
}
