// Search and filters over the scenarios: all words, any chosen verdict, one service, one client.
const form = document.getElementById("filter");
const search = document.getElementById("search");
const shownCount = document.getElementById("shown");
const scenarios = [...document.querySelectorAll(".scenario")];
const texts = scenarios.map(one => `${one.dataset.find} ${one.querySelector(".inside").textContent} ${one.querySelector("summary").textContent}`.toLowerCase());

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const verdicts = new Set([...form.querySelectorAll("input:checked")].map(box => box.value));
  const { service, client } = form.elements;
  let shown = 0;
  scenarios.forEach((one, at) => {
    const wanted = verdicts.has(one.dataset.verdict)
      && (service.value === "any" || one.dataset.service === service.value)
      && (client.value === "any" || one.dataset.clients.split("|").includes(client.value))
      && words.every(word => texts[at].includes(word));
    one.hidden = !wanted;
    shown += wanted;
  });
  for (const group of document.querySelectorAll(".feature"))
    group.hidden = !group.querySelector(".scenario:not([hidden])");
  for (const area of document.querySelectorAll(".area"))
    area.hidden = !area.querySelector(".scenario:not([hidden])");
  shownCount.textContent = shown === scenarios.length ? "" : `${shown} of ${scenarios.length} scenarios shown`;
}

form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("submit", event => {
  event.preventDefault();
  step(".scenario:not([hidden])", 1, true);
});
form.addEventListener("reset", () => setTimeout(filter));
