// The app's two tabs in its direct messages: messages, and the home it publishes for each person.

import { block } from "/blocks.js";
import { make } from "/markdown.js";
import { $, channel, names, send, state } from "/state.js";

const press = (action_id, value) => send("click_home", { action_id, value });

function body() {
  const blocks = state.view.homes[state.speaker];
  if (!blocks?.length) return [make("p", { class: "empty" }, `${state.view.bot.name} has published nothing for you here yet.`)];
  return blocks.flatMap((found) => block(found, names(), press));
}

export function drawHome() {
  const isDirect = channel().kind === "im";
  if (!isDirect || !state.view.bot.has_home) state.tab = "messages";
  $("tabs").hidden = !isDirect || !state.view.bot.has_home;
  for (const tab of ["messages", "home"]) {
    const button = $(`${tab}-tab`);
    button.setAttribute("aria-selected", String(state.tab === tab));
    button.tabIndex = state.tab === tab ? 0 : -1;
  }
  const isHome = state.tab === "home";
  $("home").hidden = !isHome;
  $("messages").hidden = isHome;
  $("composer").hidden = isHome;
  const print = JSON.stringify([isHome, state.speaker, state.view.homes[state.speaker]]);
  if (!isHome || $("home").dataset.print === print) return;
  $("home").dataset.print = print;
  $("home").replaceChildren(make("div", { class: "body" }, ...body()));
}

export function openTab(tab, redraw) {
  state.tab = tab;
  send("open", { tab });
  redraw();
  $(`${tab}-tab`).focus();
}

export function listenToTabs(redraw) {
  for (const tab of ["messages", "home"]) $(`${tab}-tab`).addEventListener("click", () => openTab(tab, redraw));
  $("tabs").addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") openTab(state.tab === "home" ? "messages" : "home", redraw);
  });
}
