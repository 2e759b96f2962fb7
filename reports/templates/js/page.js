// Opens scenarios and exchanges: by a click, by a link, by the address of the page.
async function fill(scenario) {
  const place = scenario.querySelector(".details");
  if (!place || place.dataset.busy) return;
  place.dataset.busy = "yes";
  try {
    const data = await chunk(places[scenario.id]);
    place.replaceChildren(...scenarioParts(scenario.id, data.scenarios[scenario.id], data));
    place.className = "filled";
  } catch (error) {
    place.firstElementChild.textContent = `This browser cannot show the details (${error}). They are in ${place.dataset.journal} and bodies/ of the results folder.`;
  }
}

async function open(id) {
  const scenario = document.getElementById(id.split("-")[0]);
  if (scenario && scenario.matches(".scenario")) {
    scenario.hidden = false;
    scenario.closest(".area").hidden = false;
    scenario.open = true;
    await fill(scenario);
  }
  const target = document.getElementById(id);
  if (!target) return;
  for (let node = target; node; node = node.parentElement)
    if (node.tagName === "DETAILS") node.open = true;
  const line = target.matches(".exchange.found") && target.querySelector(".off");
  (line || target).scrollIntoView({ block: line ? "center" : "start" });
  const focus = target.querySelector("summary") || target.querySelector("a");
  if (focus) focus.focus({ preventScroll: true });
}

document.addEventListener("toggle", event => {
  if (event.target.matches && event.target.matches(".scenario") && event.target.open) fill(event.target);
}, true);

const follow = () => { if (location.hash.length > 1) open(decodeURIComponent(location.hash.slice(1))); };
addEventListener("hashchange", follow);
// A link to where the address already points changes nothing by itself.
document.addEventListener("click", event => {
  const link = event.target.closest("a[href^='#']");
  if (link && link.getAttribute("href") === location.hash) follow();
});
follow();
