// Messages as DOM nodes. Text only ever becomes text nodes: nothing here parses HTML.

const EMOJI = {
  eyes: "👀", white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", wave: "👋",
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", hourglass: "⏳", hourglass_flowing_sand: "⏳",
  mag: "🔍", rotating_light: "🚨", tada: "🎉", pray: "🙏", speech_balloon: "💬", octagonal_sign: "🛑",
  information_source: "ℹ️", lock: "🔒", robot_face: "🤖", red_circle: "🔴", large_green_circle: "🟢",
};

export const emoji = (name) => EMOJI[name] ?? `:${name}:`;

export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") node.className = value;
    else if (name.includes("-") || name === "role") node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child !== null && child !== ""));
  return node;
}

const plain = (text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

export function link(address, label) {
  let url;
  try { url = new URL(plain(address)); } catch { return document.createTextNode(plain(label)); }
  if (!["http:", "https:"].includes(url.protocol)) return document.createTextNode(plain(label));
  return make("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", title: url.href },
    plain(label));
}

function control(inside, names) {
  const [what, label] = inside.split("|", 2);
  if (what.startsWith("@")) {
    const person = names.people[what.slice(1)];
    return make("span", { class: "mention" }, `@${person ? person.name : what.slice(1)}`);
  }
  if (what.startsWith("#")) {
    const channel = names.channels[what.slice(1)];
    return make("span", { class: "mention" }, `#${channel ?? what.slice(1)}`);
  }
  if (what.startsWith("!")) return make("span", { class: "alarm" }, `@${label ?? what.slice(1)}`);
  return link(what, label ?? what);
}

const INLINE = {
  markdown: [
    [/`([^`\n]+)`/, (found) => make("code", {}, plain(found[1]))],
    [/<([@#!][^<>\s][^<>]*|https?:[^<>\s]+)>/, (found, names) => control(found[1], names)],
    [/!?\[([^\]\n]*)\]\(([^()\s]+)\)/, (found) => link(found[2], found[1] || found[2])],
    [/\*\*(?=\S)(.+?)\*\*/, (found, names) => make("strong", {}, ...inline(found[1], names, "markdown"))],
    [/~~(?=\S)(.+?)~~/, (found, names) => make("s", {}, ...inline(found[1], names, "markdown"))],
    [/(?<![\w*])[*_](?=[^\s*_])([^*_\n]+)[*_](?![\w*])/, (found, names) => make("em", {}, ...inline(found[1], names, "markdown"))],
    [/:([a-z0-9_+-]+):/, (found) => document.createTextNode(emoji(found[1]))],
  ],
  mrkdwn: [
    [/`([^`\n]+)`/, (found) => make("code", {}, plain(found[1]))],
    [/<([@#!][^<>\s][^<>]*|(?:https?|mailto):[^<>]+)>/, (found, names) => control(found[1], names)],
    [/(?<![\w*])\*(?=\S)([^*\n]+)\*(?![\w*])/, (found, names) => make("strong", {}, ...inline(found[1], names, "mrkdwn"))],
    [/(?<![\w_])_(?=\S)([^_\n]+)_(?![\w_])/, (found, names) => make("em", {}, ...inline(found[1], names, "mrkdwn"))],
    [/(?<![\w~])~(?=\S)([^~\n]+)~(?![\w~])/, (found, names) => make("s", {}, ...inline(found[1], names, "mrkdwn"))],
    [/:([a-z0-9_+-]+):/, (found) => document.createTextNode(emoji(found[1]))],
  ],
};

export function inline(text, names, dialect) {
  const nodes = [];
  let rest = text;
  while (rest) {
    let first = null;
    for (const [pattern, build] of INLINE[dialect]) {
      const found = pattern.exec(rest);
      if (found && (first === null || found.index < first.found.index)) first = { found, build };
    }
    if (first === null) break;
    if (first.found.index) nodes.push(document.createTextNode(plain(rest.slice(0, first.found.index))));
    nodes.push(first.build(first.found, names));
    rest = rest.slice(first.found.index + first.found[0].length);
  }
  if (rest) nodes.push(document.createTextNode(plain(rest)));
  return nodes;
}

const lines = (text, names, dialect) =>
  text.split("\n").flatMap((line, number) => [
    ...(number ? [make("br")] : []),
    ...inline(line, names, dialect),
  ]);

const BULLET = /^(\s*)([-*+•]|\d+[.)])\s+(.*)$/;
const cells = (row) => row.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));

function table(rows, names) {
  const [head, , ...body] = rows.map(cells);
  const line = (tag) => (row) => make("tr", {}, ...row.map((cell) => make(tag, {}, ...inline(cell, names, "markdown"))));
  return make("table", {}, make("thead", {}, line("th")(head)), make("tbody", {}, ...body.map(line("td"))));
}

function list(items, names, dialect) {
  const ordered = /\d/.test(items[0].mark);
  const root = make(ordered ? "ol" : "ul");
  for (let at = 0; at < items.length; at += 1) {
    const item = items[at];
    const node = make("li", {}, ...lines(item.text, names, dialect));
    const inside = [];
    while (at + 1 < items.length && items[at + 1].depth > item.depth) inside.push(items[++at]);
    if (inside.length) node.append(list(inside, names, dialect));
    root.append(node);
  }
  return root;
}

// One block at a time, from the first line that is not yet shown.
export function prose(text, names, dialect = "markdown") {
  const rows = text.replaceAll("\r\n", "\n").split("\n");
  const nodes = [];
  let at = 0;
  const take = (while_) => {
    const taken = [];
    while (at < rows.length && while_(rows[at])) taken.push(rows[at++]);
    return taken;
  };
  const starts = (row) => !row.trim() || /^\s*```/.test(row) || /^(>|&gt;)/.test(row) || BULLET.test(row) ||
    (dialect === "markdown" && (/^#{1,6}\s/.test(row) || /^\s*\|.*\|\s*$/.test(row) || /^\s*([-*_])(\s*\1){2,}\s*$/.test(row)));
  while (at < rows.length) {
    const row = rows[at];
    if (!row.trim()) { at += 1; continue; }
    if (/^\s*```/.test(row)) {
      const same = row.trim().slice(3);
      at += 1;
      if (same.endsWith("```") && same.length > 3) { nodes.push(make("pre", {}, plain(same.slice(0, -3)))); continue; }
      const inside = take((line) => !/```\s*$/.test(line));
      const last = at < rows.length ? rows[at++].replace(/```\s*$/, "") : "";
      const opening = dialect === "mrkdwn" && same ? [same] : [];
      nodes.push(make("pre", {}, plain([...opening, ...inside, ...(last ? [last] : [])].join("\n"))));
    } else if (dialect === "markdown" && /^#{1,6}\s/.test(row)) {
      at += 1;
      const depth = row.match(/^#+/)[0].length;
      nodes.push(make(depth < 3 ? "h3" : "h4", {}, ...inline(row.replace(/^#+\s+/, ""), names, dialect)));
    } else if (dialect === "markdown" && /^\s*([-*_])(\s*\1){2,}\s*$/.test(row)) {
      at += 1;
      nodes.push(make("hr"));
    } else if (dialect === "markdown" && /^\s*\|.*\|\s*$/.test(row) && /^[\s|:-]+$/.test(rows[at + 1] ?? "") && rows[at + 1].includes("-")) {
      nodes.push(table(take((line) => /^\s*\|.*\|\s*$/.test(line)), names));
    } else if (/^(>|&gt;)/.test(row)) {
      const inside = take((line) => /^(>|&gt;)/.test(line)).map((line) => line.replace(/^(>|&gt;)\s?/, ""));
      nodes.push(make("blockquote", {}, ...prose(inside.join("\n"), names, dialect)));
    } else if (BULLET.test(row)) {
      const items = [];
      while (at < rows.length) {
        const found = BULLET.exec(rows[at]);
        if (found) items.push({ depth: found[1].length, mark: found[2], text: found[3] });
        else if (/^\s+\S/.test(rows[at]) && !/^\s*```/.test(rows[at])) items.at(-1).text += `\n${rows[at].trim()}`;
        else break;
        at += 1;
      }
      nodes.push(list(items, names, dialect));
    } else {
      const first = rows[at++];
      nodes.push(make("p", {}, ...lines([first, ...take((line) => !starts(line))].join("\n"), names, dialect)));
    }
  }
  return nodes;
}
