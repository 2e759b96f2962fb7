// Follows the campaign: one stream of events, handed to the parts of the page.
"use strict";
import { byId, kept, say } from "./dom.js";
import { Overview } from "./overview.js";
import { Findings } from "./findings.js";
import { Prompts } from "./prompts.js";
import { Sequence } from "./sequence.js";
import { Detail } from "./detail.js";

const SILENT_AFTER = 15_000;
const names = new Map();
const world = {
  names,
  skew: 0,
  now: () => Date.now() / 1000 - world.skew,
  title: s => names.get(s)?.title ?? "",
  show,
};
const sequence = new Sequence(world);
const detail = new Detail(world, sequence);
const overview = new Overview(world, sequence);
const findings = new Findings(world, detail, sequence);
const prompts = new Prompts(world);
const parts = [overview, findings, prompts, sequence, detail];
sequence.onopen = row => detail.open(row);

function show(view) {
  document.body.dataset.view = view;
  kept.set("view", view);
  for (const button of document.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === view));
}
for (const button of document.querySelectorAll("[data-show]")) button.addEventListener("click", () => show(button.dataset.show));
show(kept.get("view") ?? "sequence");

function apply(batch) {
  if (batch.reset) {
    names.clear();
    for (const part of parts) part.reset();
  }
  sequence.expect(batch);
  for (const item of batch.items) if (item.t === "scenario") names.set(item.s, item);
  for (const item of batch.items) {
    for (const part of parts) part[item.t]?.(item);
  }
  for (const part of parts) part.settle?.(batch);
  document.title = [prompts.count ? `(${prompts.count} asked)` : "", overview.headline, "Muster"].filter(Boolean).join(" · ");
}

let heard = Date.now(), over = false;
const source = new EventSource("events");
function alive() {
  heard = Date.now();
  tell("live", "live");
}
function tell(state, text) {
  document.body.dataset.link = state;
  say(byId("link"), text);
}
source.addEventListener("message", event => { alive(); apply(JSON.parse(event.data)); });
source.addEventListener("tick", event => { alive(); world.skew = Date.now() / 1000 - JSON.parse(event.data).now; });
source.addEventListener("farewell", () => { source.close(); end("Muster has ended; this page shows what it saw last."); });
source.addEventListener("error", () => {
  if (over) return;
  if (source.readyState === EventSource.CLOSED) end("Muster refused to go on with this page: open the address that it printed last.");
  else tell("lost", "Muster does not answer; trying again");
});
function end(text) {
  over = true;
  tell("over", text);
  prompts.over();
}
setInterval(() => {
  if (!over && Date.now() - heard > SILENT_AFTER) tell("lost", "no word from Muster");
  for (const part of parts) part.second?.(over);
}, 1000);
