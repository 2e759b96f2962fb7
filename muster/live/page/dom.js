// Elements are made here and nowhere else: every text becomes a text node, never markup.
"use strict";

export const byId = name => document.getElementById(name);

// element("p", { class: "soft", onclick: f, hidden: true }, "text", child, null)
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, String(value));
  }
  made.append(...children.filter(child => child !== null && child !== undefined && child !== "").map(child => child instanceof Node ? child : String(child)));
  return made;
}

export const say = (node, text) => { if (node.textContent !== text) node.textContent = text; };

export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const two = number => String(number).padStart(2, "0");
  return whole < 3600 ? `${Math.floor(whole / 60)}:${two(whole % 60)}` : `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

// What a reload finds again: for this tab, and for this run of Muster, which the path names.
const key = name => `${location.pathname}${name}`;
export const kept = {
  get(name) { try { return JSON.parse(sessionStorage.getItem(key(name))); } catch { return null; } },
  set(name, value) { try { sessionStorage.setItem(key(name), JSON.stringify(value)); } catch { /* private mode: nothing is kept */ } },
};
