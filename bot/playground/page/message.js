// One message as a node: who, what, buttons, reactions, and a menu for those who wrote it.

import { block } from "/blocks.js";
import { confirmed, edited } from "/dialog.js";
import { file } from "/file.js";
import { emoji, make, prose } from "/markdown.js";

const clock = (ts) => `${new Date(Number(ts) * 1000).toISOString().slice(11, 16)} UTC`;

// `place` knows the names of people and channels, who looks at the page, and how to send.
export function message(one, place) {
  const press = (action_id, value) => place.send("click", { ts: one.ts, action_id, value });
  const body = one.blocks.length
    ? one.blocks.flatMap((found) => block(found, place.names, press))
    : prose(one.text, place.names, "mrkdwn");
  const node = make("article", { class: one.only_for ? "message whisper" : "message" },
    note(one, place),
    head(one, place),
    make("div", { class: "body" }, ...body, ...one.attachments.map((found) => attached(found, place)), ...one.files.map(file)));
  node.setAttribute("aria-label", `${one.name}, ${clock(one.ts)}`);
  if (one.reactions.length) node.append(reactions(one, place));
  return node;
}

function note(one, place) {
  if (one.only_for) return make("p", { class: "small" }, "Only visible to you");
  if (!one.broadcast) return "";
  return make("p", { class: "small" }, place.inThread ? "Also sent to the channel" : "Replied in a thread");
}

function head(one, place) {
  return make("div", { class: "who" }, make("b", {}, one.name),
    one.is_bot ? make("span", { class: "app" }, "app") : "",
    make("time", {}, clock(one.ts)),
    one.edited ? make("span", { class: "small" }, "edited") : "",
    one.only_for ? "" : menu(one, place));
}

function attached(found, place) {
  const author = found.author_name ? [make("b", {}, found.author_name)] : [];
  const fields = (found.fields ?? []).flatMap((field) => prose(`*${field.title}* ${field.value}`, place.names, "mrkdwn"));
  return make("blockquote", { class: "attached" }, ...author,
    ...(found.title ? [make("p", {}, make("b", {}, found.title))] : []),
    ...prose(found.text ?? found.fallback ?? "", place.names, "mrkdwn"), ...fields,
    ...(found.footer ? [make("p", { class: "small" }, found.footer)] : []));
}

function reactions(one, place) {
  const label = (user) => place.names.people[user]?.label ?? user;
  return make("ul", { class: "reactions", "aria-label": "Reactions" },
    ...one.reactions.map((reaction) => make("li", { title: reaction.users.map(label).join(", ") },
      `${emoji(reaction.name)} ${reaction.users.length}`)));
}

function menu(one, place) {
  const node = make("details", { class: "menu" }, make("summary", { "aria-label": `Actions for the message of ${one.name}, ${clock(one.ts)}` }, "⋯"));
  const item = ([name, act]) => {
    const button = make("button", { type: "button" }, name);
    button.addEventListener("click", () => { node.open = false; act(); });
    return button;
  };
  node.append(make("div", { class: "items" }, ...offers(one, place).map(item)));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !node.open) return;
    event.stopPropagation();
    node.open = false;
    node.querySelector("summary").focus();
  });
  return node;
}

function offers(one, place) {
  const shortcuts = place.shortcuts.filter((found) => found.type === "message")
    .map(({ name, callback_id }) => [name, () => place.send("shortcut", { ts: one.ts, callback_id })]);
  const forward = [`Forward to ${place.bot}`, () => place.send("forward", { ts: one.ts })];
  return [...shortcuts, forward, ...(one.user === place.speaker ? ownOffers(one, place) : [])];
}

const ownOffers = (one, place) => [
  ["Edit", async () => {
    const text = await edited(one.typed);
    if (text !== null && text !== one.typed) place.send("edit", { ts: one.ts, text });
  }],
  ["Delete", async () => {
    const ask = { title: "Delete this message?", confirm: "Delete", deny: "Keep", style: "danger" };
    if (await confirmed(ask, prose(one.text, place.names, "mrkdwn"))) place.send("delete", { ts: one.ts });
  }],
];
