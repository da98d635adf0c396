// The page as a whole: draws the view whenever the playground sends a new one.

import { listenTo } from "/composer.js";
import { drawHome, listenToTabs } from "/home.js";
import { make } from "/markdown.js";
import { message } from "/message.js";
import { $, channel, label, names, send, state } from "/state.js";
import { drawBanner, emptyChannel } from "/welcome.js";

const prints = new WeakMap();

// Keeps the nodes of what has not changed, so that selections, focus and open details stay.
function fill(container, items) {
  const atEnd = container.scrollHeight - container.scrollTop - container.clientHeight < 80;
  const old = new Map([...container.children].map((node) => [node.dataset.key, node]));
  let previous = null;
  for (const { key, content, build } of items) {
    const print = JSON.stringify(content);
    let node = old.get(key);
    if (!node || prints.get(node) !== print) {
      const fresh = build();
      fresh.dataset.key = key;
      prints.set(fresh, print);
      if (node) node.replaceWith(fresh);
      node = fresh;
    }
    old.delete(key);
    if (previous ? previous.nextSibling !== node : container.firstChild !== node) {
      if (previous) previous.after(node); else container.prepend(node);
    }
    previous = node;
  }
  for (const node of old.values()) node.remove();
  if (atEnd) container.scrollTop = container.scrollHeight;
}

function shown(one, inThread) {
  const { shortcuts, bot } = state.view;
  const node = message(one, { names: names(), speaker: state.speaker, send, inThread, shortcuts, bot: bot.name });
  if (!inThread) node.append(opener(one));
  return node;
}

const isSeen = (one) => !one.only_for || one.only_for === state.speaker;
const replies = (ts) => channel().messages.filter((one) => one.thread_ts === ts && isSeen(one));

function opener(one) {
  const root = one.thread_ts ?? one.ts;
  const count = replies(root).length;
  const text = count === 0 ? "Reply in thread" : count === 1 ? "1 reply" : `${count} replies`;
  const open = make("button", { type: "button", class: "opens" }, text);
  open.addEventListener("click", () => { go(state.channel, root); $("reply-composer").querySelector("textarea").focus(); });
  return open;
}

function status(ts) {
  const text = channel().statuses[ts];
  if (!text) return [];
  const sentence = `${state.view.bot.name} ${text}`;
  return [{ key: `status ${ts}`, content: sentence, build: () => make("p", { class: "status" }, sentence) }];
}

const asItem = (one, inThread) => ({
  key: one.ts,
  content: [one, one.user === state.speaker, inThread ? 0 : replies(one.thread_ts ?? one.ts).length],
  build: () => shown(one, inThread),
});

function drawChannels() {
  const mine = state.view.channels.filter((one) => one.members.includes(state.speaker));
  const group = (title, found) => [make("h2", {}, title), ...found.map((one) => {
    const node = make("button", { type: "button", "aria-current": String(one.id === state.channel) }, label(one));
    node.addEventListener("click", () => go(one.id, null));
    return node;
  })];
  const print = JSON.stringify([mine.map((one) => [one.id, one.name]), state.channel, state.speaker]);
  if ($("channels").dataset.print === print) return;
  $("channels").dataset.print = print;
  const isDirect = (one) => one.kind === "im" || one.kind === "mpim";
  $("channels").replaceChildren(...group("Channels", mine.filter((one) => !isDirect(one))),
    ...group("Direct messages", mine.filter(isDirect)));
}

function speakerLabel(id) {
  const { label, groups } = state.view.people[id];
  return groups.length ? `${label} (${groups.join("; ")})` : label;
}

function drawSpeakers() {
  const print = JSON.stringify(state.view.speakers.map(speakerLabel));
  if ($("speaker").dataset.print !== print) {
    $("speaker").dataset.print = print;
    $("speaker").replaceChildren(...state.view.speakers.map((id) => make("option", { value: id }, speakerLabel(id))));
  }
  $("speaker").value = state.speaker;
}

// Suggested prompts: pressed, they are said.
function drawPrompts() {
  const { title, prompts } = channel().prompts;
  $("prompts").hidden = state.tab === "home" || !prompts.length;
  const print = JSON.stringify([state.channel, title, prompts]);
  if ($("prompts").dataset.print === print) return;
  $("prompts").dataset.print = print;
  const chips = prompts.map((one) => {
    const chip = make("button", { type: "button", title: one.message }, one.title);
    chip.addEventListener("click", () => send("say", { text: one.message }));
    return chip;
  });
  $("prompts").replaceChildren(make("span", { class: "small" }, title || "Suggested"), ...chips);
}

function drawChannel() {
  const one = channel();
  const bot = state.view.bot;
  $("channel-name").textContent = label(one);
  $("channel-note").textContent = one.archived ? "This channel is archived."
    : one.members.includes(bot.id) ? "" : `${bot.name} is not in this channel and sees nothing of it.`;
  const top = one.messages.filter((m) => (!m.thread_ts || m.broadcast) && isSeen(m));
  const items = top.flatMap((m) => [asItem(m, false), ...status(m.ts)]);
  drawPrompts();
  fill($("messages"), items.length ? items : [{ key: "empty", content: [one.id, state.view.welcome.questions], build: emptyChannel }]);
}

function drawThread() {
  const root = state.thread && channel().messages.find((one) => one.ts === state.thread);
  document.body.classList.toggle("with-thread", Boolean(root));
  $("thread-pane").hidden = !root;
  if (!root) return;
  const session = channel().sessions[root.ts] ?? { status: "", title: "" };
  $("stop").hidden = session.status !== "processing";
  $("thread-title").textContent = session.title || "Thread";
  $("thread-note").textContent = session.status ? `session ${session.status}` : "";
  const said = [root, ...replies(root.ts)].sort((a, b) => Number(a.ts) - Number(b.ts));
  fill($("replies"), [...said.map((one) => asItem(one, true)), ...status(root.ts)]);
}

function drawConnection() {
  const { name, connected } = state.view.bot;
  $("connection").textContent = connected ? `${name} is connected` : `no app is connected yet`;
  $("connection").classList.toggle("good", connected);
}

function draw() {
  if (!state.view) return;
  state.speaker ??= state.view.speakers[0];
  const visible = state.view.channels.filter((one) => one.members.includes(state.speaker));
  if (!visible.some((one) => one.id === state.channel)) { state.channel = visible[0].id; state.thread = null; }
  if (state.openNext) openNewThread();
  drawBanner();
  drawConnection();
  drawSpeakers();
  drawChannels();
  drawHome();
  drawChannel();
  drawThread();
}

// Somebody who has just asked wants to see the answer, where there is room for both.
function openNewThread() {
  const { known, speaker } = state.openNext;
  const fresh = channel().messages.find((one) => !known.has(one.ts) && one.user === speaker && !one.thread_ts);
  if (!fresh) return;
  state.openNext = null;
  if (window.innerWidth > 1000) { state.thread = fresh.ts; keepAddress(); }
}

function keepAddress() {
  const name = channel().kind === "im" ? channel().id : channel().name;
  history.replaceState(null, "", `#${name}${state.thread ? `/${state.thread}` : ""}`);
}

function go(id, thread) {
  state.channel = id;
  state.thread = thread;
  keepAddress();
  draw();
  $("messages").scrollTop = $("messages").scrollHeight;
  $("replies").scrollTop = $("replies").scrollHeight;
}

function readAddress() {
  const [name, thread] = decodeURIComponent(location.hash.slice(1)).split("/");
  const found = state.view.channels.find((one) => one.id === name || (one.name === name && one.kind !== "im"));
  if (found) { state.channel = found.id; state.thread = thread ?? null; }
}

for (const form of [$("composer"), $("reply-composer")]) listenTo(form);
listenToTabs(draw);
$("speaker").addEventListener("change", (event) => { state.speaker = event.target.value; draw(); });
$("close-thread").addEventListener("click", () => go(state.channel, null));
$("stop").addEventListener("click", () => send("stop", { thread_ts: state.thread }));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && state.thread && !document.querySelector("dialog[open]")) go(state.channel, null);
});
window.addEventListener("hashchange", () => { readAddress(); draw(); });

function listen() {
  const socket = new WebSocket(`ws://${location.host}/page/updates`);
  socket.addEventListener("message", (event) => {
    const first = state.view === null;
    state.view = JSON.parse(event.data);
    if (first) readAddress();
    draw();
    if (first) $("messages").scrollTop = $("messages").scrollHeight;
  });
  socket.addEventListener("close", () => {
    $("connection").textContent = "the playground has stopped; start it again with “make run”";
    $("connection").classList.remove("good");
    setTimeout(listen, 1500);
  });
}
listen();
