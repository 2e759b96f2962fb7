// Findings, one card for each requirement; what fails the UE stands above what only warns.
"use strict";
import { byId, element, say } from "./dom.js";

export class Findings {
  constructor(world, detail, sequence) {
    this.world = world;
    this.detail = detail;
    this.sequence = sequence;
    this.reset();
  }

  reset() {
    this.cards = new Map();
    this.total = 0;
    byId("found").replaceChildren();
    say(byId("found-count"), "");
  }

  finding(item) {
    const key = `${item.severity} ${item.requirement}`, old = this.cards.get(key);
    this.total += item.count - (old?.count ?? 0);
    const busy = old?.card.contains(document.activeElement);
    if (busy) say(old.card.querySelector(".times"), times(item.count));
    const card = busy ? old.card : this.made(item);
    if (!busy && old) old.card.remove();
    if (!busy) {
      const fails = byId("found").querySelectorAll(".finding.FAIL");
      if (item.severity === "FAIL" || !fails.length) byId("found").prepend(card);
      else fails[fails.length - 1].after(card);
    }
    this.cards.set(key, { card, count: item.count });
  }

  settle() {
    byId("no-findings").hidden = this.cards.size > 0;
    say(byId("found-count"), this.total ? String(this.total) : "");
  }

  made(item) {
    const [latest, ...others] = item.latest;
    const rest = others.length ? element("details", { ontoggle: event => {
      if (event.target.open && event.target.childElementCount === 1) event.target.append(...others.map(one => this.instance(one)));
    } }, element("summary", {}, item.count > item.latest.length ? `${others.length} before it, of ${item.count}` : `${others.length} before it`)) : null;
    return element("article", { class: `finding ${item.severity}` },
      element("h3", {}, element("span", { class: `badge ${item.severity}` }, item.severity), ` ${item.requirement} `, element("span", { class: "times soft" }, times(item.count))),
      item.clause ? element("p", { class: "soft" }, `${item.clause} · ${item.weight}`) : null,
      item.statement ? element("p", { class: "statement" }, item.statement) : null,
      this.instance(latest), rest);
  }

  instance(one) {
    return element("div", { class: "instance" },
      element("dl", { class: "departure" }, element("dt", {}, "expected"), element("dd", {}, one.expected), element("dt", {}, "observed"), element("dd", {}, one.observed)),
      element("p", { class: "soft" },
        one.row === null ? null : element("button", { type: "button", class: "x", onclick: event => this.detail.open(one.row, event.currentTarget) }, one.exchange),
        " ",
        element("button", { type: "button", class: "link", onclick: () => this.sequence.choose(one.s) }, this.world.title(one.s) || "scenario")));
  }
}

const times = count => count > 1 ? `${count} times` : "once";
