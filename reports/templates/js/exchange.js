// One exchange: its messages with readable bodies, the line that a finding is about marked.
const WHY = { observed: "this was observed", expected: "the expectation is about this", message: "the message as a whole" };

const startLine = (data, table) => data.messages.length ? table[data.messages[0][0][0]] : data.summary;
const statusOf = data => data.status === null ? "no answer" : String(data.status);

function exchange(anchor, data, texts, tokens, uses, found) {
  const notes = new Map((data.lines || []).map(([message, part, line, why]) => [`${message} ${part} ${line}`, why]));
  const messages = data.messages.map((message, at) => messageParts(anchor, data.name, message, at, texts, tokens, notes));
  const summary = startLine(data, texts.lines).slice(0, 300);
  return element("details", { class: `exchange${found ? " found" : ""}`, id: `${anchor}-${data.name}` },
    element("summary", {}, element("b", {}, data.name),
      data.step ? element("span", { class: "step", title: "step of the migration" }, `step ${data.step}`) : "",
      element("span", { class: "told" }, data.told),
      element("span", { class: `party ${data.system}` }, `${data.system} ${data.server}`),
      element("span", { class: "answer" }, statusOf(data)),
      element("span", { class: "line" }, element("code", {}, data.to_ue ? "← " : "", marked(summary, tokens)),
        data.tokens.map(use => uses[use]).map(([told, title, colour, expired]) => [" ", element("span", { class: `t t${colour}${expired ? " expired" : ""}`, title }, told)]))),
    data.facts ? facts(data.facts) : "",
    data.gap ? element("p", { class: "gap" }, "A body of this exchange is missing in the results folder.") : "",
    data.brief ? facts("Nothing was found in this scenario, and no check looked at this message alone: header fields and bodies are in the journal of the results folder.") : "",
    messages);
}

function messageParts(anchor, name, [head, body, sameAs], at, texts, tokens, notes) {
  const lines = read(head, texts.lines).map((line, number) => {
    const colon = number ? line.indexOf(": ") : -1;
    const told = colon < 0 ? element("b", {}, marked(line, tokens))
      : [element("i", {}, line.slice(0, colon + 1)), marked(line.slice(colon + 1), tokens)];
    return offending(told, notes.get(`${at} -1 ${number}`));
  });
  const parts = [element("pre", { class: `message ${at ? "told" : "asked"}` }, lines)];
  if (sameAs && sameAs !== name) parts.push(facts("The body is the same as in ", exchangeLink(anchor, sameAs), "."));
  else if (sameAs) parts.push(facts("The body is the same as above."));
  if (body >= 0) parts.push(bodyParts(texts.bodies[body], texts.lines, at, tokens, notes));
  return parts;
}

function bodyParts([hash, parts], table, message, tokens, notes) {
  return parts.map(([mediaType, size, note, text, form], at) => {
    // The digest is whole where the page shows less than the file holds.
    const place = `bodies/${hash.slice(0, 8)}…`;
    const link = /^[0-9a-f]{64}$/.test(hash) ? element("a", { href: `bodies/${hash}` }, `the whole body: ${place}`) : place;
    const whole = at ? "" : [" · ", link];
    const why = line => notes.get(`${message} ${at} ${line}`);
    const shown = form.length
      ? element("dl", { class: "form" }, form.map(([name, value], line) => [element("dt", {}, name), element("dd", {}, offending(marked(value, tokens), why(line)))]))
      : element("pre", {}, read(text, table).map((line, number) => offending(marked(line, tokens), why(number))));
    return element("div", { class: "body" }, facts(`${mediaType} · ${size} bytes${note ? " · " + note : ""}`, whole), shown);
  });
}

// A line of a message; one that a finding is about stands out.
function offending(children, why) {
  return why ? element("span", { class: `off off-${why}` }, children, element("em", {}, ` ◀ ${WHY[why]}`)) : [children, "\n"];
}
