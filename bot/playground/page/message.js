// One message as a node: who, what, buttons, reactions, and a menu for those who wrote it.

import { confirmed, edited } from "/dialog.js";
import { block, emoji, make, prose } from "/markdown.js";

const clock = (ts) => `${new Date(Number(ts) * 1000).toISOString().slice(11, 16)} UTC`;

// `place` knows the names of people and channels, who looks at the page, and how to send.
export function message(one, place) {
  const press = (action) => place.send("click", { ts: one.ts, action_id: action });
  const body = one.blocks.length
    ? one.blocks.flatMap((found) => block(found, place.names, press))
    : prose(one.text, place.names, "mrkdwn");
  const node = make("article", { class: one.only_for ? "message whisper" : "message" },
    one.only_for ? make("p", { class: "small" }, "Only visible to you") : "",
    head(one, place),
    make("div", { class: "body" }, ...body, ...one.files.map(file)));
  if (one.reactions.length) node.append(reactions(one, place));
  return node;
}

function head(one, place) {
  return make("div", { class: "who" }, make("b", {}, one.name),
    one.is_bot ? make("span", { class: "app" }, "app") : "",
    make("time", {}, clock(one.ts)),
    one.edited ? make("span", { class: "small" }, "edited") : "",
    one.user === place.speaker ? menu(one, place) : "");
}

function file(one) {
  return make("p", { class: "context" }, "📄 ",
    make("a", { href: `/page/files/${one.id}`, target: "_blank", rel: "noopener" }, one.name),
    `, ${one.size} bytes`);
}

function reactions(one, place) {
  const label = (user) => place.names.people[user]?.label ?? user;
  return make("ul", { class: "reactions", "aria-label": "Reactions" },
    ...one.reactions.map((reaction) => make("li", { title: reaction.users.map(label).join(", ") },
      `${emoji(reaction.name)} ${reaction.users.length}`)));
}

function menu(one, place) {
  const node = make("details", { class: "menu" }, make("summary", { "aria-label": "Edit or delete" }, "⋯"));
  const item = (name, act) => {
    const button = make("button", { type: "button" }, name);
    button.addEventListener("click", () => { node.open = false; act(); });
    return button;
  };
  node.append(make("div", { class: "items" },
    item("Edit", async () => {
      const text = await edited(one.typed);
      if (text !== null && text !== one.typed) place.send("edit", { ts: one.ts, text });
    }),
    item("Delete", async () => {
      const ask = { title: "Delete this message?", confirm: "Delete", deny: "Keep", style: "danger" };
      if (await confirmed(ask, prose(one.text, place.names, "mrkdwn"))) place.send("delete", { ts: one.ts });
    })));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !node.open) return;
    event.stopPropagation();
    node.open = false;
    node.querySelector("summary").focus();
  });
  return node;
}
