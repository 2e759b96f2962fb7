// One exchange: what it is for, header fields, bodies, and the checks that looked at it.
"use strict";
import { byId, element, kept, say } from "./dom.js";

export class Detail {
  constructor(world, sequence) {
    this.world = world;
    this.sequence = sequence;
    this.number = null;
    this.panel = byId("exchange");
    byId("close").addEventListener("click", () => this.close());
    byId("previous").addEventListener("click", () => this.step(-1));
    byId("next").addEventListener("click", () => this.step(1));
    document.addEventListener("keydown", event => { if (event.key === "Escape" && this.number !== null) this.close(); });
  }

  reset() {
    this.again = kept.get("exchange");
    this.hide();
  }

  settle(batch) {
    if (batch.reset && this.again !== null && this.again < batch.rows) this.open(this.again, null, false);
  }

  // Checks are taken after the exchange, so an open one is read again when its scenario goes on.
  row(item) {
    if (this.number === null) return;
    if (item.n === this.number || (item.k === "verdict" && item.s === this.scenario)) this.load(this.number);
  }

  async open(number, from = null, focus = true) {
    this.from = from;
    this.number = number;
    kept.set("exchange", number);
    document.body.dataset.exchange = "yes";
    this.panel.hidden = false;
    this.sequence.mark(number);
    byId("exchange-body").replaceChildren();
    await this.load(number);
    byId("exchange-body").scrollTop = 0;
    if (focus) byId("exchange-title").focus({ preventScroll: true });
  }

  step(by) {
    const other = this.sequence.beside(this.number, by);
    if (other !== null) this.open(other, null, false);
  }

  close() {
    const row = this.sequence.mark(this.number);
    const back = this.from?.isConnected ? this.from : row;
    this.hide();
    kept.set("exchange", null);
    (back ?? byId("rows")).focus({ preventScroll: true });
  }

  hide() {
    this.number = null;
    this.panel.hidden = true;
    delete document.body.dataset.exchange;
    byId("rows").querySelector("li.open")?.classList.remove("open");
  }

  async load(number) {
    let told;
    try {
      const response = await fetch(`exchanges/${number}`);
      told = response.ok ? await response.json() : null;
    } catch {
      told = null;
    }
    if (this.number !== number) return;
    byId("previous").disabled = this.sequence.beside(number, -1) === null;
    byId("next").disabled = this.sequence.beside(number, 1) === null;
    if (told === null) {
      say(byId("exchange-title"), "Exchange");
      byId("exchange-body").replaceChildren(element("p", { class: "empty" }, "Muster does not answer any more; the report holds every exchange."));
      return;
    }
    this.scenario = told.s;
    say(byId("exchange-title"), `${told.name} ${told.in ? `${told.system} ${told.server} → UE` : `UE → ${told.system} ${told.server}`}`);
    byId("exchange-body").replaceChildren(...content(told, this.world.title(told.s)));
  }
}

function content(told, title) {
  const facts = [`${told.milliseconds} ms`, told.line].join(" · ");
  return [
    element("p", { class: "told" }, told.told),
    element("p", { class: "soft" }, title ? `${title} · ` : "", facts),
    ...told.tokens.map(token => element("p", { class: "soft" }, `carries ${token}`)),
    ...told.gaps.map(gap => element("p", { class: "problem" }, gap)),
    ...(told.s < 0 ? [] : checks(told)),
    ...told.messages.flatMap((message, index) => messageNodes(message, index === 0 ? "Request" : "Answer")),
    told.facts.length ? element("h3", {}, "Attested by the server") : null,
    told.facts.length ? pairs(told.facts, "form") : null,
  ].filter(Boolean);
}

function messageNodes(message, name) {
  return [
    element("h3", {}, name),
    element("p", { class: "start" }, message.start),
    pairs(message.fields, "fields"),
    ...message.parts.flatMap(part => [
      element("p", { class: "soft" }, [part.media_type, `${part.size} bytes`, part.note].filter(Boolean).join(" · ")),
      part.form.length ? pairs(part.form, "form") : element("pre", { tabindex: 0, role: "group", "aria-label": `Body, ${part.media_type}` }, part.text),
    ]),
  ];
}

const pairs = (all, name) => element("dl", { class: name }, ...all.flatMap(([key, value]) => [element("dt", {}, key), element("dd", {}, value)]));

function checks(told) {
  if (!told.checks.length) return [element("h3", {}, "Checks"), element("p", { class: "soft" }, "No check of the scenario has looked at it so far.")];
  const weight = check => check.findings.some(one => one.here) ? 0 : check.findings.length ? 1 : 2;
  const sorted = [...told.checks].sort((one, two) => weight(one) - weight(two));
  const more = told.more_checks ? [element("p", { class: "soft" }, `${told.more_checks} more checks are in the report.`)] : [];
  return [element("h3", {}, "Checks"), element("ul", { class: "checks" }, ...sorted.map(check)), ...more];
}

function check(one) {
  const cited = element("details", {}, element("summary", {}, `${one.requirements.length} requirement${one.requirements.length === 1 ? "" : "s"}`),
    element("ul", {}, ...one.requirements.map(cites => element("li", {}, element("b", {}, cites.requirement), ` ${cites.statement} `, element("span", { class: "soft" }, [cites.clause, cites.weight].filter(Boolean).join(" · "))))));
  const found = one.findings.map(finding => element("div", { class: `instance ${finding.severity}` },
    element("p", {}, element("span", { class: `badge ${finding.severity}` }, finding.severity), ` ${finding.requirement}`, finding.here ? "" : ` at ${finding.exchange || "no exchange"}`),
    element("dl", { class: "departure" }, element("dt", {}, "expected"), element("dd", {}, finding.expected), element("dt", {}, "observed"), element("dd", {}, finding.observed))));
  return element("li", {}, element("p", {}, element("span", { class: "sign", "aria-hidden": "true" }, one.findings.length ? "✕" : "✓"), ` ${one.statement || one.check}`, one.findings.length ? "" : element("span", { class: "unseen" }, " holds")), ...found, cited);
}
