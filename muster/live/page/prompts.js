// What the operator is asked to do: a card with three buttons, and how long Muster waits.
"use strict";
import { byId, clock, element, say } from "./dom.js";

const CHOICES = [
  ["done", "Done", "the UE did it, or tried to the end"],
  ["refused", "Refused", "the UE said no"],
  ["cannot", "Cannot", "this UE has no way to do it"],
];
const ENDINGS = { done: "Answered done", refused: "Answered refused", cannot: "Answered cannot", silent: "Nobody answered in time", over: "Not waited for any more" };

export class Prompts {
  constructor(world) {
    this.world = world;
    this.cards = new Map();
  }

  get count() { return this.cards.size; }

  reset() {
    for (const { card } of this.cards.values()) card.remove();
    this.cards.clear();
  }

  prompt(item) {
    const known = this.cards.get(item.id);
    if (item.state !== "open") { if (known) this.close(item, known.card); return; }
    if (known) return;
    const card = this.made(item);
    this.cards.set(item.id, { card, item });
    byId("prompts").append(card);
    say(byId("notice"), "");
    say(byId("announcement"), `Muster asks: ${item.what}`);
    this.second();
  }

  close(item, card) {
    const had = card.contains(document.activeElement) || document.activeElement === document.body;
    card.remove();
    this.cards.delete(item.id);
    say(byId("announcement"), "");
    say(byId("notice"), `${ENDINGS[item.state] ?? item.state}: ${item.what}`);
    // To the heading, not to a button: one key press must not answer two questions.
    if (had) (this.cards.values().next().value?.card.querySelector("h3") ?? byId("prompts")).focus();
  }

  made(item) {
    const title = `prompt-${item.id}`, detail = element("input", { type: "text", "aria-label": "What the UE said", maxlength: 2000, autocomplete: "off" });
    const problem = element("p", { class: "problem", role: "alert" });
    const buttons = CHOICES.map(([answer, name, meaning]) => element("button", { type: "button", class: `answer ${answer}`, "data-answer": answer, onclick: () => this.answer(item, answer, detail.value, card) }, element("b", {}, name), element("span", {}, meaning)));
    const card = element("article", { class: "prompt", "aria-labelledby": title, "data-operation": item.operation },
      element("h3", { id: title, tabindex: -1 }, item.what),
      element("p", { class: "why" }, element("b", {}, "Why: "), item.why),
      ...values(item.arguments),
      element("div", { class: "waits" }, element("span", { class: "left" }), element("progress", { max: item.seconds || 1, "aria-hidden": "true" })),
      element("div", { class: "answers", role: "group", "aria-label": "Answer" }, ...buttons),
      element("details", { class: "note" }, element("summary", {}, "Add a note to the answer: what the UE said"), detail),
      problem);
    return card;
  }

  second() {
    for (const { card, item } of this.cards.values()) {
      const left = item.asked + item.seconds - this.world.now();
      say(card.querySelector(".left"), left > 0 ? `Muster waits ${clock(left)} more` : "The time is over");
      card.querySelector("progress").value = Math.max(0, left);
      card.classList.toggle("late", left < Math.min(30, item.seconds / 4));
    }
  }

  async answer(item, answer, detail, card) {
    const buttons = [...card.querySelectorAll(".answer")], problem = card.querySelector(".problem");
    for (const button of buttons) button.setAttribute("aria-disabled", "true");
    if (card.dataset.sending) return;
    card.dataset.sending = "yes";
    say(problem, "");
    try {
      const response = await fetch(`answers/${item.id}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ answer, detail }) });
      if (response.ok) return; // the card goes when the journal says so
      if (response.status === 409) { say(problem, "There was an answer before yours."); return; }
      say(problem, `Not taken: ${await response.text()}`);
    } catch {
      say(problem, "Muster could not be reached; try again.");
    }
    delete card.dataset.sending;
    for (const button of buttons) button.removeAttribute("aria-disabled");
  }

  over() { this.reset(); }
}

// Few short values stand there at once; what has to be entered in a terminal's settings is folded.
function values(all) {
  if (!all.length) return [];
  const list = element("dl", { class: "arguments" }, ...all.map(([name, value]) => element("div", { "data-name": name }, element("dt", {}, name), element("dd", {}, Array.isArray(value) ? table(value) : value))));
  const few = all.length <= 4 && all.every(([, value]) => !Array.isArray(value) && value.length < 80);
  if (few) return [list];
  list.classList.add("many");
  return [element("details", { class: "values" }, element("summary", {}, `What to enter: ${all.length} values`), list)];
}

const table = rows => rows.length ? element("table", {}, element("tbody", {}, ...rows.map(([name, value]) => element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value))))) : "none";
