// The sequence of messages. At most MOST rows are nodes; what is older is fetched when it is asked for.
"use strict";
import { byId, element, kept, say } from "./dom.js";

const MOST = 200;

export class Sequence {
  constructor(world) {
    this.world = world;
    this.chosen = null;
    this.feed = byId("feed");
    this.list = byId("rows");
    this.lanes = ["primary", "partner"];
    byId("follow").addEventListener("click", () => this.follow());
    byId("all").addEventListener("click", () => this.choose(null));
    byId("earlier").addEventListener("click", () => this.earlier());
    this.feed.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.list.addEventListener("click", event => this.activate(event.target.closest("button")));
    this.list.addEventListener("focusin", event => { if (event.target !== this.list) this.hold(); });
    this.list.addEventListener("keydown", event => this.move(event));
    this.drawLanes();
    this.reset();
  }

  reset() {
    this.total = 0;
    this.latest = -1;
    this.following = true;
    this.missed = 0;
    this.nodes = new Map();
    this.list.replaceChildren();
    this.first = true;
  }

  // News ---------------------------------------------------------------------------------------

  expect(batch) {
    const fresh = batch.items.filter(item => item.t === "row" && item.n > this.latest).length;
    this.gap = !batch.reset && batch.rows - this.total > fresh;
    this.total = batch.rows;
    this.fragment = document.createDocumentFragment();
  }

  row(item) {
    this.know(item.system);
    const old = this.nodes.get(item.n);
    if (old) { this.replace(old, item); return; }
    if (item.n <= this.latest) return;
    this.latest = item.n;
    if (this.chosen !== null && item.s !== this.chosen) return;
    if (!this.following) { this.missed += 1; return; }
    this.append(item, this.fragment);
  }

  settle(batch) {
    if (batch.reset) this.restore();
    else if (this.gap) {
      if (this.following) this.load(); else this.missed += 1;
    }
    if (this.fragment.childNodes.length) {
      this.list.append(this.fragment);
      this.trim();
      this.toEnd();
    }
    this.tell();
  }

  restore() {
    const chosen = kept.get("chosen");
    if (chosen !== null && this.world.names.has(chosen) && this.first) this.choose(chosen);
    this.first = false;
  }

  append(item, place) {
    const before = place.lastElementChild ?? (place === this.fragment ? this.list.lastElementChild : null);
    const changes = before && Number(before.dataset.s) !== item.s && item.k !== "scenario" && item.s >= 0;
    const made = this.made(item, changes);
    this.nodes.set(item.n, made);
    place.append(made);
  }

  replace(old, item) {
    const made = this.made(item, old.querySelector(".of") !== null), focused = old.contains(document.activeElement);
    old.replaceWith(made);
    this.nodes.set(item.n, made);
    if (focused) made.querySelector("button")?.focus();
  }

  trim() {
    while (this.list.childElementCount > MOST) {
      this.nodes.delete(Number(this.list.firstElementChild.dataset.n));
      this.list.firstElementChild.remove();
    }
  }

  tell() {
    const first = Number(this.list.firstElementChild?.dataset.n ?? 0);
    byId("no-rows").hidden = this.list.childElementCount > 0;
    byId("earlier").hidden = !this.list.childElementCount || first === 0 || this.nothingEarlier === first;
    const follow = byId("follow");
    follow.setAttribute("aria-pressed", String(this.following));
    say(follow, this.following ? "Following" : this.missed ? `Follow: ${this.missed} new` : "Follow");
    byId("all").hidden = this.chosen === null;
    const newest = this.list.lastElementChild?.dataset.s ?? -1;
    say(byId("what"), this.world.title(this.chosen ?? Number(newest)));
    if (!this.list.querySelector('button[tabindex="0"]')) [...this.list.querySelectorAll("button")].at(-1)?.setAttribute("tabindex", "0");
  }

  // Which rows ---------------------------------------------------------------------------------

  async choose(scenario) {
    this.chosen = scenario;
    kept.set("chosen", scenario);
    this.world.show("sequence");
    this.onchoose?.();
    await this.load();
  }

  follow() {
    if (document.activeElement && this.list.contains(document.activeElement)) byId("follow").focus();
    return this.load();
  }

  async load(before = null) {
    const query = new URLSearchParams();
    if (this.chosen !== null) query.set("scenario", this.chosen);
    if (before !== null) query.set("before", before);
    this.following = before === null;
    let page;
    try {
      const response = await fetch(`rows?${query}`);
      if (!response.ok) throw new Error(response.statusText);
      page = await response.json();
    } catch {
      say(byId("what"), "Muster does not answer: only what is shown here is known.");
      return;
    }
    this.missed = 0;
    this.nodes.clear();
    const rows = document.createDocumentFragment();
    for (const item of page.items) {
      this.know(item.system);
      this.append(item, rows);
      this.latest = Math.max(this.latest, item.n);
    }
    this.list.replaceChildren(rows);
    this.nothingEarlier = page.more ? null : page.items[0]?.n;
    this.tell();
    if (before === null) this.toEnd(); else this.feed.scrollTop = this.feed.scrollHeight;
  }

  async earlier() {
    await this.load(Number(this.list.firstElementChild.dataset.n));
    this.list.focus();
  }

  hold() { if (this.following) { this.following = false; this.tell(); } }

  toEnd() { this.feed.scrollTop = this.feed.scrollHeight; }

  // Whoever scrolls up wants to read: the rows stand still until they are followed again.
  scrolled() {
    const atEnd = this.feed.scrollHeight - this.feed.scrollTop - this.feed.clientHeight < 60;
    const up = this.feed.scrollTop < this.scrolledTo;
    this.scrolledTo = this.feed.scrollTop;
    if (!atEnd && up) this.hold();
    else if (atEnd && !this.following && !this.missed && !this.list.contains(document.activeElement) && this.nodes.has(this.latest)) { this.following = true; this.tell(); }
  }

  // Keys ---------------------------------------------------------------------------------------

  activate(button) {
    const row = button?.closest("li");
    if (!row) return;
    this.stop(button);
    if (row.dataset.kind === "scenario") this.choose(Number(row.dataset.s));
    else this.onopen?.(Number(row.dataset.n));
  }

  stop(button) {
    for (const one of this.list.querySelectorAll('button[tabindex="0"]')) one.setAttribute("tabindex", "-1");
    button.setAttribute("tabindex", "0");
  }

  move(event) {
    const buttons = [...this.list.querySelectorAll("button")], at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? buttons.length - 1 : at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === "Escape" && !document.body.dataset.exchange) { this.follow(); return; }
    const button = to === undefined ? null : buttons[Math.max(0, Math.min(to, buttons.length - 1))];
    if (!button) return;
    event.preventDefault();
    this.stop(button);
    button.focus();
  }

  // The neighbour of an exchange among the rows that are shown.
  beside(number, step) {
    const exchanges = [...this.list.querySelectorAll("li.exchange")], at = exchanges.findIndex(row => Number(row.dataset.n) === number);
    const other = at < 0 ? null : exchanges[at + step];
    return other ? Number(other.dataset.n) : null;
  }

  mark(number) {
    this.list.querySelector("li.open")?.classList.remove("open");
    const row = this.nodes.get(number);
    row?.classList.add("open");
    row?.scrollIntoView({ block: "nearest" });
    return row?.querySelector("button") ?? null;
  }

  // Drawing ------------------------------------------------------------------------------------

  know(system) {
    if (!system || this.lanes.includes(system)) return;
    this.lanes.push(system);
    this.drawLanes();
  }

  drawLanes() {
    const at = (node, index) => { node.style.setProperty("--i", index); return node; };
    const marks = name => ["UE", ...this.lanes].map((lane, index) => at(element("span", { class: `${name} lane-${index}` }, name === "lane" ? lane : ""), index));
    byId("sequence").style.setProperty("--lanes", this.lanes.length);
    byId("lanes").replaceChildren(element("span", { class: "track" }, ...marks("lane")));
    byId("lifelines").replaceChildren(element("span", { class: "track" }, ...marks("life")));
  }

  // Scenarios that run side by side take turns: where another one goes on, it is named.
  made(item, changes) {
    const draw = { exchange: exchangeRow, connection: exchangeRow, scenario: scenarioRow, verdict: verdictRow, step: stepRow }[item.k] ?? plainRow;
    const of = changes ? element("p", { class: "of" }, this.world.title(item.s)) : null;
    const row = element("li", { class: `row ${item.k} ${item.tone}`, "data-n": item.n, "data-s": item.s, "data-kind": item.k }, of, ...draw(item, this.world, this.lanes.indexOf(item.system) + 1));
    return row;
  }
}

const after = item => element("span", { class: "at" }, item.at !== undefined ? `+${item.at.toFixed(item.at < 100 ? 2 : 0)}` : item.clock ? ofDay(item.clock) : "");
const ofDay = seconds => new Date(seconds * 1000).toTimeString().slice(0, 8);

const unseen = text => element("span", { class: "unseen" }, text);

// The arrow tells the way to who sees it; the others hear it.
function exchangeRow(item, world, lane) {
  const way = unseen(item.in ? ` (${item.system} to UE) ` : ` (UE to ${item.system}) `);
  const words = element("span", { class: "words" }, item.method ? element("b", {}, item.method) : "", item.method ? " " : "", item.label);
  const arrow = element("span", { class: `arrow ${item.in ? "in" : "out"} lane-${lane}` });
  arrow.style.setProperty("--i", lane);
  const found = { finding: ", with a finding", warning: ", with a warning" }[item.tone];
  const label = element("span", { class: "label" }, words, way, element("span", { class: `server lane-${lane}` }, item.server), " ", item.status ? element("span", { class: "status" }, item.status) : "", found ? unseen(found) : "");
  const inside = [
    element("span", { class: "name" }, element("span", { class: "id" }, item.name ?? ""), " ", after(item)),
    " ",
    element("span", { class: "track" }, label, arrow),
  ];
  if (item.k === "connection") return [element("span", { class: "line" }, ...inside)];
  return [element("button", { type: "button", class: "line", tabindex: -1 }, ...inside)];
}

function scenarioRow(item, world) {
  const known = world.names.get(item.s);
  return [element("button", { type: "button", class: "line", tabindex: -1 }, element("b", {}, known?.title ?? "scenario"), " ", element("span", { class: "soft" }, known?.id ?? ""), unseen(": show only its messages"))];
}

const verdictRow = item => [element("span", { class: `badge ${item.verdict}` }, item.label), " ", element("span", { class: "soft" }, item.why)];
const stepRow = item => [element("b", {}, item.keyword), ` ${item.label}`, item.status === "passed" ? "" : element("em", {}, ` ${item.status === "started" ? "…" : item.status}`)];
const plainRow = item => [element("span", {}, item.label)];
