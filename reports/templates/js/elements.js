// Elements made of data. Every text becomes a text node: nothing of a UE is ever read as markup,
// and a sign stands for each character that would act instead of being seen.
const UNSEEN = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\u{e0000}-\u{e007f}]/gu;

function visible(text) {
  return String(text).replace(UNSEEN, sign => {
    const code = sign.codePointAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? "\u2421" : `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

function element(name, attributes, ...children) {
  return filled(document.createElement(name), attributes, children);
}

function drawn(name, attributes, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {}))
    if (value !== "" && value !== false && value !== undefined) node.setAttribute(name, value === true ? "" : visible(value));
  for (const child of children.flat(Infinity))
    if (child !== "" && child !== null && child !== undefined) node.append(child instanceof Node ? child : visible(child));
  return node;
}

const facts = (...children) => element("p", { class: "facts" }, children);
const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

function exchangeLink(anchor, name, text) {
  return name ? element("a", { class: "x", href: `#${anchor}-${name}` }, text || name) : "";
}

function requirementLink(name) {
  return element("a", { href: `#r-${name}` }, name);
}

// A masked secret is shown as a short label, one colour for each value.
function marked(text, tokens) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(/masked-([a-z_-]+)-([0-9a-f]{12})/g)) {
    const [told, colour] = tokens[found[0]] || [`${found[1]}, masked`, parseInt(found[2], 16) % 8];
    parts.push(text.slice(end, found.index));
    parts.push(element("mark", { class: `t t${colour}`, title: told }, `${found[1]}·${found[2].slice(0, 4)}`));
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}

// What differs between two texts is underlined where most of both is the same.
function differing(text, other) {
  let first = 0, last = 0;
  while (first < text.length && text[first] === other[first]) first++;
  const most = Math.min(text.length, other.length) - first;
  while (last < most && text[text.length - 1 - last] === other[other.length - 1 - last]) last++;
  if (first + last < 8 || first + last === text.length) return [text];
  const end = text.length - last;
  return [text.slice(0, first), element("u", {}, text.slice(first, end)), text.slice(end)];
}
