// The two forms to write in: words, files, and in a thread the wish to show them in the channel too.

import { isVoice, packed } from "/file.js";
import { channel, send, state } from "/state.js";

export function listenTo(form) {
  const field = form.querySelector("textarea");
  const chosen = form.querySelector("input[type=file]");
  const inThread = form.dataset.thread === "yes";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if ((!text && !chosen.files.length) || !state.view) return;
    noteQuestion(text, inThread);
    const said = await content(form, text, inThread);
    field.value = "";
    if (await send("say", said)) clear(form);
    else field.value = text;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  chosen.addEventListener("change", () => show(form));
}

async function content(form, text, inThread) {
  const files = await packed(form.querySelector("input[type=file]").files, form.querySelector(".spoken input").value);
  const broadcast = form.querySelector("input[name=broadcast]")?.checked ?? false;
  return { text, files, broadcast, thread_ts: inThread ? state.thread : null };
}

// Who mentions the app wants to see the thread that comes of it.
function noteQuestion(text, inThread) {
  if (inThread || !new RegExp(`@${state.view.bot.name}\\b`, "i").test(text)) return;
  state.openNext = { known: new Set(channel().messages.map((one) => one.ts)), speaker: state.speaker };
}

function show(form) {
  const files = [...form.querySelector("input[type=file]").files];
  form.querySelector(".chosen").textContent = files.map((one) => one.name).join(", ");
  form.querySelector(".spoken").hidden = !files.some(isVoice);
}

function clear(form) {
  form.querySelector("input[type=file]").value = "";
  form.querySelector(".spoken input").value = "";
  const broadcast = form.querySelector("input[name=broadcast]");
  if (broadcast) broadcast.checked = false;
  show(form);
}
