// The sequence chart: the UE on the left, then the servers of the primary and the partner system.
const LEFT = 46, FIRST = 170, TOP = 52, ROW = 34, LETTER = 6.7;

function chart(anchor, data, exchanges) {
  // Eleven servers still fit beside each other on a wide page.
  const column = Math.max(66, Math.min(92, Math.floor((1000 - LEFT - FIRST) / data.lines.length)));
  const x = at => LEFT + FIRST + column * at;
  const width = x(data.lines.length - 1) + column / 2 + 8;
  const height = TOP + ROW * data.rows.length + 12;
  const svg = drawn("svg", { width, height, viewBox: `0 0 ${width} ${height}` }, lifelines(data.lines, x, column, height));
  data.rows.forEach((row, at) => svg.append(arrow(anchor, row, TOP + ROW * (at + 1) - 8, x, exchanges)));
  const told = `Sequence chart: ${counted(data.rows.length, "event")} between the UE and ${counted(data.lines.length, "server")}; each arrow leads to its exchange`;
  return element("div", { class: "chart", tabindex: 0, role: "group", "aria-label": told }, svg);
}

function lifelines(lines, x, column, height) {
  const parts = [drawn("g", { class: "life" }, drawn("text", { x: LEFT, y: 38, class: "who" }, "UE"), drawn("path", { d: `M${LEFT} 46V${height}` }))];
  const systems = [...new Set(lines.map(line => line[0]))];
  for (const system of systems) {
    const own = lines.map((line, at) => line[0] === system ? at : -1).filter(at => at >= 0);
    const from = x(own[0]) - column / 2 + 4, to = x(own[own.length - 1]) + column / 2 - 4;
    parts.push(drawn("g", { class: `band ${system === "partner" ? "partner" : ""}` },
      drawn("rect", { x: from, y: 2, width: to - from, height: height - 4, rx: 6 }),
      drawn("text", { x: (from + to) / 2, y: 18, class: "sys" }, system)));
    for (const at of own)
      parts.push(drawn("g", { class: "life" }, drawn("text", { x: x(at), y: 38, class: "who" }, lines[at][1]), drawn("path", { d: `M${x(at)} 46V${height}` })));
  }
  return parts;
}

function arrow(anchor, [kind, line, label, tone], y, x, exchanges) {
  if (kind === "stimulus")
    return drawn("g", { class: `stim ${tone}` },
      drawn("rect", { x: LEFT - 6, y: y - 17, width: label.length * LETTER + 16, height: 21, rx: 4 }),
      drawn("text", { x: LEFT + 2, y: y - 2 }, label));
  const end = x(line);
  if (kind !== "exchange")
    return drawn("g", { class: `r ${kind} ${tone}` },
      drawn("path", { d: `M${LEFT} ${y}H${end}` }),
      drawn("text", { x: LEFT + 8, y: y - 5 }, label),
      kind === "connection" ? drawn("text", { x: end, y: y + 5, class: "cross" }, "✕") : "");
  const { start, status, toUe } = exchanges.get(label);
  const [from, to] = toUe ? [end, LEFT + 8] : [LEFT, end - 8];
  const words = shortly(start), room = Math.floor((end - LEFT - 24) / LETTER) - status.length;
  return drawn("a", { href: `#${anchor}-${label}`, class: `r ${tone}` },
    drawn("title", {}, `${label}: ${start.slice(0, 300)}, ${status}`),
    drawn("path", { class: "reach", d: `M${LEFT} ${y - 5}H${end}` }),
    drawn("path", { d: `M${from} ${y}H${to}`, "marker-end": "url(#head)" }),
    drawn("text", { x: LEFT - 8, y: y + 4, class: "n" }, label),
    drawn("text", { x: LEFT + 8, y: y - 5 }, words.length <= room ? words : words.slice(0, Math.max(room - 1, 6)) + "…"),
    drawn("text", { x: end - 8, y: y - 5, class: "st" }, status));
}

// Method and what tells documents apart: the end of a path, or the user part of a SIP URI.
function shortly(start) {
  const [method, target = ""] = start.split(" ");
  const path = target.split("?")[0].replace(/\/+$/, "");
  return `${method} ${/^sips?:|^tel:/i.test(target) ? target.split(":")[1].split("@")[0] : path.slice(path.lastIndexOf("/") + 1) || "/"}`;
}
