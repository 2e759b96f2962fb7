// The data of the scenarios: JSON in the page, plain or as base64 of a zlib stream. The lines of all
// compressed messages stand in one table; a text is runs of it: begin, count, begin, count, ...
const places = JSON.parse(document.getElementById("places").textContent);
const opened = new Map();

async function unpacked(base64) {
  const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).text();
}

function once(id, make) {
  if (!opened.has(id)) opened.set(id, make(document.getElementById(id)));
  return opened.get(id);
}

const sharedLines = () => once("lines", async element => (await unpacked(element.textContent)).split("\n"));

function chunk(id) {
  return once(id, async element => {
    if (element.type === "application/json") return JSON.parse(element.textContent);
    const data = JSON.parse(await unpacked(element.textContent));
    return { ...data, lines: await sharedLines() };
  });
}

function read(runs, table) {
  const lines = [];
  for (let at = 0; at < runs.length; at += 2)
    for (let line = runs[at]; line < runs[at] + runs[at + 1]; line++) lines.push(table[line]);
  return lines;
}
