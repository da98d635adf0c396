// What the page knows and looks at, and how it sends what a person does.

export const $ = (id) => document.getElementById(id);
export const state = { view: null, channel: null, thread: null, speaker: null, tab: "messages", openNext: null };

export const names = () => ({
  people: state.view.people,
  channels: Object.fromEntries(state.view.channels.map((channel) => [channel.id, channel.name])),
});
export const channel = () => state.view.channels.find((one) => one.id === state.channel);

export function label(one) {
  const others = one.members.filter((member) => member !== state.speaker);
  if (one.kind === "im") return state.view.bot.name;
  if (one.kind === "mpim") return others.map((member) => state.view.people[member].name).join(", ");
  return `# ${one.name}`;
}

let hiding = 0;
function complain(sentence) {
  $("problem").textContent = sentence;
  $("problem").hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { $("problem").hidden = true; }, 6000);
}

export async function send(path, said) {
  try {
    const answer = await fetch(`/page/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user: state.speaker, channel: state.channel, ...said }),
    });
    if (!answer.ok) complain(`Not sent: ${await answer.text()}.`);
    return answer.ok;
  } catch {
    complain("Not sent: the playground does not answer. Start it again with “make run”.");
    return false;
  }
}
