// What lies below the title of a scenario: findings, steps, chart, tables, exchanges, checks.
function scenarioParts(anchor, data, texts) {
  const found = new Set(data.findings.map(finding => finding.exchange));
  const told = new Map(data.exchanges.map(one => [one.name, { start: startLine(one, texts.lines), status: statusOf(one), toUe: one.to_ue }]));
  const named = new Map(data.exchanges.map(one => [one.name, one]));
  return [
    data.worker ? facts(`${data.worker}, ${data.started}`) : "",
    data.findings.map(finding => findingPart(anchor, finding)),
    data.steps.length ? element("ol", { class: "steps" }, data.steps.map((step, at) => stepPart(anchor, step, at, data))) : "",
    data.chart ? chart(anchor, data.chart, told) : "",
    data.tables.map(table => tablePart(anchor, table)),
    element("div", { class: "exchanges" }, data.story.map(chapter => chapterParts(chapter, name => exchange(anchor, named.get(name), texts, data.tokens, data.uses, found.has(name))))),
    data.checks.length ? checksPart(anchor, data.checks) : "",
  ].flat().filter(Boolean);
}

// What happened during one sentence: each message, and in words what is no message.
function chapterParts([keyword, text, lines], message) {
  const words = ([kind, said, tone]) => element("p", { class: `said said-${kind} ${tone}` }, said);
  return [element("h4", { class: "chapter" }, keyword ? [element("b", {}, keyword), " "] : "", text),
    lines.map(line => typeof line === "string" ? message(line) : words(line))];
}

function findingPart(anchor, finding) {
  return element("div", { class: `finding ${finding.severity}` },
    element("p", {}, element("b", {}, finding.severity), " ", requirementLink(finding.requirement), ` ${finding.known} `, exchangeLink(anchor, finding.exchange)),
    element("dl", { class: "departure" },
      element("dt", {}, "Expected"), element("dd", {}, differing(finding.expected, finding.observed)),
      element("dt", {}, "Observed"), element("dd", {}, differing(finding.observed, finding.expected)),
      finding.through.length ? [element("dt", {}, "Seen through"), element("dd", {}, finding.through.join(", "))] : "",
      element("dt", {}, "Likely side"), element("dd", { class: "side" }, element("b", {}, finding.side[0]), `: ${finding.side[1]}`)));
}

function stepPart(anchor, [keyword, text, status], at, data) {
  const here = data.events.filter(event => event[0] === at);
  const departs = here.some(([, kind, check]) => kind === "check" && data.checks[check].found.some(([severity]) => severity === "FAIL"));
  return element("li", { class: status + (departs ? " found" : "") },
    element("b", {}, keyword), ` ${text}`,
    status === "passed" ? "" : [" ", element("em", {}, status)],
    here.length ? element("div", { class: "acts" }, here.map(event => [act(anchor, event, data), " "])) : "");
}

function act(anchor, [, kind, what], data) {
  if (kind === "exchange") return exchangeLink(anchor, what);
  if (kind !== "check") return element("span", { class: `act ${kind}` }, what);
  const check = data.checks[what];
  if (!check.found.length)
    return element("span", { class: "act" }, `${check.outcome[0] === "holds" ? "✓" : "○"} ${check.requirements.join(", ")}`);
  return check.found.map(([severity, requirement]) => element("span", { class: "act" }, element("b", { class: severity }, severity), " ", requirementLink(requirement)));
}

function tablePart(anchor, table) {
  const cell = ([text, more, exchangeName, bad]) => element("td", { class: bad ? "leak" : "" },
    exchangeName ? exchangeLink(anchor, exchangeName, text) : text, more ? element("span", { class: "facts" }, more) : "");
  return element("details", { class: "matrix", open: Boolean(table.warning) },
    element("summary", {}, table.title, table.warning ? [" · ", element("b", { class: "FAIL" }, table.warning)] : ""),
    element("div", { class: "wide" }, element("table", {},
      element("thead", {}, element("tr", {}, table.head.map(title => element("th", {}, title)))),
      element("tbody", {}, table.rows.map(row => element("tr", {}, row.map(cell)))))));
}

function checksPart(anchor, checks) {
  const row = check => element("tr", {},
    element("td", {}, check.requirements.map(name => [requirementLink(name), " "])),
    element("td", {}, check.statement, element("br"), element("code", {}, check.check)),
    element("td", {}, check.exchanges.map(name => [exchangeLink(anchor, name), " "]), check.more ? `and ${check.more} more` : ""),
    element("td", {}, check.outcome.map(said => [element("b", { class: said }, said), " "])));
  return element("details", { class: "checks" }, element("summary", {}, `${counted(checks.length, "check")} taken`),
    element("div", { class: "wide" }, element("table", {},
      element("thead", {}, element("tr", {}, ["Requirement", "Check", "Exchanges", "Outcome"].map(title => element("th", {}, title)))),
      element("tbody", {}, checks.map(row)))));
}
