// What stands in the window now, as boxes, dots and lines of text with places and colours.
() => {
  const items = [];
  const canvas = document.createElement("canvas").getContext("2d");
  const whole = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  const isClear = (colour) => colour === "transparent" || /[,/] ?0\)$/.test(colour);

  const within = (rect, clip) => ({
    left: Math.max(rect.left, clip.left), top: Math.max(rect.top, clip.top),
    right: Math.min(rect.right, clip.right), bottom: Math.min(rect.bottom, clip.bottom),
  });
  const isSeen = (rect) => rect.right - rect.left > 0.5 && rect.bottom - rect.top > 0.5;

  function box(rect, clip, style) {
    const seen = within(rect, clip);
    if (!isSeen(seen)) return;
    const place = { x: seen.left, y: seen.top, width: seen.right - seen.left, height: seen.bottom - seen.top };
    const sides = ["Left", "Top", "Right", "Bottom"].filter((side) =>
      parseFloat(style[`border${side}Width`]) > 0 && !isClear(style[`border${side}Color`]));
    const fill = isClear(style.backgroundColor) ? null : style.backgroundColor;
    const radius = Math.min(parseFloat(style.borderTopLeftRadius) || 0, place.height / 2);
    if (sides.length === 4) items.push({ kind: "box", ...place, radius, fill, line: style.borderTopColor });
    else {
      if (fill) items.push({ kind: "box", ...place, radius, fill, line: null });
      for (const side of sides) edge(side, rect, clip, style);
    }
  }

  function edge(side, rect, clip, style) {
    const thick = parseFloat(style[`border${side}Width`]);
    const strip = {
      left: side === "Right" ? rect.right - thick : rect.left,
      right: side === "Left" ? rect.left + thick : rect.right,
      top: side === "Bottom" ? rect.bottom - thick : rect.top,
      bottom: side === "Top" ? rect.top + thick : rect.bottom,
    };
    const seen = within(strip, clip);
    if (!isSeen(seen)) return;
    items.push({ kind: "box", x: seen.left, y: seen.top, width: seen.right - seen.left,
      height: seen.bottom - seen.top, radius: 0, fill: style[`border${side}Color`], line: null });
  }

  function words(text, left, right, top, bottom, clip, style, colour) {
    const shown = text.replace(/\s+/g, " ").trim();
    if (!shown || left < clip.left - 1 || right > clip.right + 1 || top < clip.top - 1 || bottom > clip.bottom + 1) return;
    canvas.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const up = canvas.measureText(shown).fontBoundingBoxAscent;
    items.push({ kind: "text", text: shown, x: left, y: top + up, width: right - left,
      size: parseFloat(style.fontSize), is_bold: Number(style.fontWeight) >= 600,
      is_mono: style.fontFamily.includes("monospace"), fill: colour ?? style.color });
  }

  // A text node is cut where the browser has broken its lines.
  function lines(node, clip, style) {
    const range = document.createRange();
    let line = null;
    const end = () => line && words(line.text, line.left, line.right, line.top, line.bottom, clip, style);
    for (let at = 0; at < node.length; at += 1) {
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const rect = range.getBoundingClientRect();
      if (rect.width === 0) continue;
      const isBlank = /\s/.test(node.data[at]);
      if (!line || Math.abs(rect.top - line.top) > 2) {
        end();
        line = isBlank ? null : { text: "", left: rect.left, right: rect.right, top: rect.top, bottom: rect.bottom };
      }
      if (!line) continue;
      line.text += node.data[at];
      if (!isBlank) line.right = rect.right;
    }
    end();
  }

  const dot = (x, y, r, fill, clip, line = null) => {
    if (x > clip.left && y - r > clip.top && y + r < clip.bottom) items.push({ kind: "dot", x, y, r, fill, line });
  };

  function listed(node, rect, clip, style) {
    const size = parseFloat(style.fontSize);
    const isHollow = style.listStyleType === "circle";
    dot(rect.left - size * 0.95, rect.top + parseFloat(style.lineHeight) / 2, size * 0.17,
      isHollow ? null : style.color, clip, isHollow ? style.color : null);
  }

  // What a control shows stands in no text node.
  function typed(text, node, rect, clip, style, colour) {
    canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const size = canvas.measureText(text);
    const high = size.fontBoundingBoxAscent + size.fontBoundingBoxDescent;
    const isArea = node.tagName === "TEXTAREA";
    const top = isArea ? rect.top + parseFloat(style.paddingTop) + (parseFloat(style.lineHeight) - high) / 2
      : (rect.top + rect.bottom - high) / 2;
    const left = rect.left + parseFloat(style.paddingLeft) + (isArea ? 1 : 4);
    words(text, left, left + size.width, top, top + high, clip, style, colour);
  }

  function control(node, rect, clip, style) {
    if (node.tagName === "SELECT") typed(node.selectedOptions[0].text, node, rect, clip, style);
    if (node.tagName === "TEXTAREA") {
      typed(node.value || node.placeholder, node, rect, clip, style, node.value ? null : getComputedStyle(node, "::placeholder").color);
    }
  }

  function draw(node, clip) {
    const style = getComputedStyle(node);
    const rect = node.getBoundingClientRect();
    // What is folded away has a place all the same.
    if (!node.checkVisibility() || style.visibility === "hidden" || style.clipPath !== "none") return;
    if (node.tagName === "INPUT") {
      const line = getComputedStyle(document.body).color;
      if (node.type === "checkbox") items.push({ kind: "box", x: rect.x, y: rect.y, width: rect.width, height: rect.height, radius: 2, fill: null, line });
      return;
    }
    for (const part of node.getClientRects()) box(part, clip, style);
    if (style.display === "list-item" && style.listStyleType !== "none") listed(node, rect, clip, style);
    const before = getComputedStyle(node, "::before");
    if (before.content === '"●"') dot(rect.left + 6, (rect.top + rect.bottom) / 2, 5, before.color, clip);
    if (node.tagName === "SELECT" || node.tagName === "TEXTAREA") return control(node, rect, clip, style);
    const inner = style.overflowY === "visible" ? clip : within(rect, clip);
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) lines(child, inner, style);
      else if (child.nodeType === Node.ELEMENT_NODE) draw(child, inner);
    }
  }

  draw(document.body, whole);
  return { width: innerWidth, height: innerHeight, items };
}
