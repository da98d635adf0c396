// Shared files: a link to each, a preview of pictures, and what a voice clip says.

import { make } from "/markdown.js";

const UNITS = ["bytes", "kB", "MB"];

function size(bytes) {
  let [amount, unit] = [bytes, 0];
  while (amount >= 1000 && unit < UNITS.length - 1) { amount /= 1000; unit += 1; }
  return `${unit ? amount.toFixed(1) : amount} ${UNITS[unit]}`;
}

export function file(one) {
  const address = `/page/files/${one.id}`;
  const links = make("p", { class: "context" }, one.is_voice ? "Voice clip: " : "File: ",
    make("a", { href: address, target: "_blank", rel: "noopener" }, one.name), `, ${size(one.size)}, `,
    make("a", { href: address, download: one.name, "aria-label": `Download ${one.name}` }, "download"));
  return make("div", { class: "file" }, links, ...picture(one), ...voice(one));
}

function picture(one) {
  if (!one.is_picture) return [];
  const alt = one.title && one.title !== one.name ? one.title : `Picture: ${one.name}`;
  return [make("img", { class: "preview", src: `/page/pictures/${one.id}`, alt })];
}

const voice = (one) => one.is_voice
  ? [make("blockquote", {}, one.spoken ? `“${one.spoken}”` : "(what it says cannot be made out)")] : [];

async function encoded(found) {
  const bytes = new Uint8Array(await found.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

export const isVoice = (found) => found.type.startsWith("audio/");

// Chosen files, as the server takes them.
export const packed = (files, spoken) =>
  Promise.all([...files].map(async (found) => ({ name: found.name, content: await encoded(found), spoken: isVoice(found) ? spoken : "" })));
