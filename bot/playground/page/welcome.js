// What somebody sees who has just opened the page: whose cluster this is, and what can be asked.

import { make } from "/markdown.js";
import { $, channel, state } from "/state.js";

export function drawBanner() {
  const { banner } = state.view.welcome;
  $("banner").hidden = !banner;
  if ($("banner").textContent !== banner) $("banner").textContent = banner;
}

// Where nothing has been said yet.
export function emptyChannel() {
  const bot = state.view.bot;
  const isDirect = channel().kind === "im";
  const node = make("div", { class: "empty" }, make("p", {}, isDirect
    ? `Nothing has been said yet. Here you need not mention ${bot.name}.`
    : `Nothing has been said yet. Mention @${bot.name} and it answers in a thread; there it needs no further mention, and “Thanks!” ends it.`));
  if (!isDirect && channel().members.includes(bot.id)) node.append(...proposals(`@${bot.name} `));
  return node;
}

// Pressed, they are put into the composer, so that Enter says them and anything can be changed first.
function proposals(mention) {
  const chips = state.view.welcome.questions.map((question) => {
    const chip = make("button", { type: "button" }, `${mention}${question}`);
    chip.addEventListener("click", () => fillComposer(`${mention}${question}`));
    return chip;
  });
  const hint = make("p", { id: "first-questions" }, "Choose a question to begin with, then send it:");
  return [hint, make("div", { class: "buttons", role: "group", "aria-labelledby": "first-questions" }, ...chips)];
}

function fillComposer(text) {
  const field = $("composer").querySelector("textarea");
  field.value = text;
  field.focus();
}
