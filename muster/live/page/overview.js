// Progress of the campaign, and the list of scenarios: newest change first, never more than a screenful of nodes.
"use strict";
import { byId, clock, element, kept, say } from "./dom.js";

const STATES = ["FAIL", "ERROR", "INCONCLUSIVE", "NOT_RUN", "PASS", "running", "NOT_APPLICABLE", "waiting"];
const WORDS = { NOT_RUN: "not run", NOT_APPLICABLE: "not applicable" };
const MOST = 150;
const word = state => WORDS[state] ?? state;

export class Overview {
  constructor(world, sequence) {
    this.world = world;
    this.sequence = sequence;
    this.state = kept.get("state") ?? "";
    byId("search").addEventListener("input", () => this.fill());
    this.chips = new Map(["", ...STATES].map(state => [state, element("button", { type: "button", class: `chip ${state}`, onclick: () => this.choose(state) })]));
    byId("chips").append(...this.chips.values());
    this.segments = new Map(STATES.map(state => [state, element("span", { class: state })]));
    byId("bar").append(...this.segments.values());
    byId("list").addEventListener("keydown", event => this.move(event));
    this.reset();
  }

  reset() {
    this.scenarios = this.world.names;
    this.states = new Map();
    this.counts = Object.fromEntries(STATES.map(state => [state, 0]));
    this.order = new Map(); // by latest change, the newest last
    this.items = new Map();
    this.changed = new Set();
    this.began = this.until = null;
    say(byId("report"), "");
    this.ended = false;
    this.took = 0;
    this.headline = "";
    byId("list").replaceChildren();
    byId("errors").replaceChildren();
  }

  campaign(item) {
    this.began = item.began;
    say(byId("suite"), item.suite);
    say(byId("subject"), item.subject || "Muster");
    byId("builtin").hidden = !item.builtin;
  }

  scenario(item) {
    const before = this.states.get(item.s);
    if (before) this.counts[before] -= 1;
    this.counts[item.state] = (this.counts[item.state] ?? 0) + 1;
    this.states.set(item.s, item.state);
    if (item.took && before !== item.state) this.took += item.took;
    if (item.state !== "waiting") {
      this.order.delete(item.s);
      this.order.set(item.s, true);
    }
    this.changed.add(item.s);
  }

  error(item) { byId("errors").append(element("p", {}, `Error of the suite: ${item.what}`)); }
  interrupted() { byId("errors").append(element("p", {}, "The campaign was interrupted.")); }
  end(item) {
    this.ended = true;
    this.until = item.time;
    say(byId("report"), item.report ? `Report: ${item.report}` : "");
  }

  settle() {
    const all = this.scenarios.size, left = this.counts.waiting + this.counts.running;
    document.body.dataset.scenarios = all || this.began ? "some" : "none";
    for (const [state, segment] of this.segments) segment.style.flexGrow = this.counts[state];
    const told = STATES.filter(state => this.counts[state]).map(state => `${this.counts[state]} ${word(state)}`);
    this.headline = all ? `${all - left} of ${all}` : "";
    byId("bar").setAttribute("aria-label", all ? `${all - left} of ${all} scenarios are settled: ${told.join(", ")}` : "No scenario yet");
    for (const [state, chip] of this.chips) {
      chip.hidden = Boolean(state) && !this.counts[state] && this.state !== state;
      chip.setAttribute("aria-pressed", String(this.state === state));
      say(chip, state ? `${word(state)} ${this.counts[state]}` : `all ${all}`);
    }
    this.second();
    this.refresh();
  }

  second(over) {
    if (over) this.ended = true;
    const all = this.scenarios.size, left = this.counts.waiting + this.counts.running;
    const words = [all ? `${all - left} of ${all} scenarios` : this.began ? "No scenario yet" : "No campaign here: messages only"];
    for (const state of ["FAIL", "ERROR", "INCONCLUSIVE", "NOT_RUN", "PASS"]) if (this.counts[state]) words.push(`${this.counts[state]} ${word(state)}`);
    if (this.began && (this.until || !this.ended)) words.push(clock((this.until ?? this.world.now()) - this.began));
    if (this.until) words.push("all is settled");
    say(byId("counts"), words.join(" · "));
  }

  // The list -----------------------------------------------------------------------------------

  choose(state) {
    this.state = this.state === state ? "" : state;
    kept.set("state", this.state);
    this.settle();
    this.fill();
  }

  wanted(item, words) {
    if (this.state && item.state !== this.state) return false;
    if (!this.state && !words.length && item.state === "waiting") return false;
    return words.every(one => `${item.title} ${item.id} ${item.reason}`.toLowerCase().includes(one));
  }

  words() { return byId("search").value.toLowerCase().split(/\s+/).filter(Boolean); }

  fill() {
    const words = this.words(), waiting = [...this.scenarios.keys()].filter(s => !this.order.has(s));
    const chosen = [...[...this.order.keys()].reverse(), ...waiting].map(s => this.scenarios.get(s)).filter(item => this.wanted(item, words));
    this.items = new Map(chosen.slice(0, MOST).map(item => [item.s, this.made(item)]));
    byId("list").replaceChildren(...this.items.values());
    this.changed.clear();
    const rest = chosen.length - this.items.size;
    say(byId("list-rest"), rest ? `${rest} more: search for them` : chosen.length ? "" : "No scenario here yet.");
  }

  refresh() {
    const list = byId("list"), busy = list.contains(document.activeElement), words = this.words();
    if (this.changed.size > MOST) { if (!busy) this.fill(); return; }
    for (const s of this.changed) {
      const item = this.scenarios.get(s), old = this.items.get(s);
      if (busy) { if (old) this.paint(old.firstChild, item); continue; }
      old?.remove();
      this.items.delete(s);
      if (!this.wanted(item, words)) continue;
      const made = this.made(item);
      list.prepend(made);
      this.items.set(s, made);
    }
    if (!busy) this.changed.clear();
    while (list.childElementCount > MOST) {
      this.items.delete(Number(list.lastElementChild.dataset.s));
      list.lastElementChild.remove();
    }
    const shown = list.childElementCount;
    if (shown) say(byId("list-rest"), shown === MOST ? "More: search for them" : "");
    else say(byId("list-rest"), "No scenario here yet.");
  }

  made(item) {
    const button = element("button", { type: "button", class: "scenario", onclick: () => this.sequence.choose(item.s) });
    this.paint(button, item);
    return element("li", { "data-s": item.s }, button);
  }

  paint(button, item) {
    const reason = item.reason ? `${item.reason}` : "", took = item.took ? `${item.took.toFixed(1)}\u00a0s` : "";
    button.replaceChildren(
      element("span", { class: `badge ${item.state}` }, word(item.state)),
      element("span", { class: "title" }, item.title),
      element("span", { class: "soft" }, [item.id, reason, item.why, item.found ? `${item.found} finding${item.found > 1 ? "s" : ""}` : "", took].filter(Boolean).join(" · ")),
    );
    button.setAttribute("aria-pressed", String(this.sequence.chosen === item.s));
  }

  chosen() { for (const [s, li] of this.items) li.firstChild.setAttribute("aria-pressed", String(this.sequence.chosen === s)); }

  move(event) {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const next = step && event.target.closest("li")?.[step];
    if (!next) return;
    event.preventDefault();
    next.firstChild.focus();
  }
}
