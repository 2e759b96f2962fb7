"use strict";
(() => {
  // Exchanges of large campaigns are stored as base64 of zlib; the page itself made and escaped them.
  async function unpack(scenario) {
    const place = scenario.querySelector(".packed");
    if (!place || place.dataset.busy) return;
    place.dataset.busy = "yes";
    const packed = Uint8Array.from(atob(place.querySelector("script").textContent.trim()), c => c.charCodeAt(0));
    try {
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
      place.innerHTML = await new Response(stream).text();
      place.className = "unpacked";
    } catch (error) {
      place.firstElementChild.textContent = "This browser cannot unpack the exchanges: " + error;
    }
  }

  async function open(id) {
    const scenario = document.getElementById(id.split("-")[0]);
    if (scenario && scenario.matches(".scenario")) {
      scenario.hidden = false;
      scenario.closest(".area").hidden = false;
      scenario.open = true;
      await unpack(scenario);
    }
    const target = document.getElementById(id);
    if (!target) return;
    for (let node = target; node; node = node.parentElement)
      if (node.tagName === "DETAILS") node.open = true;
    target.scrollIntoView({ block: "start" });
    const focus = target.querySelector("summary");
    if (focus) focus.focus({ preventScroll: true });
  }

  document.addEventListener("toggle", event => {
    if (event.target.matches(".scenario") && event.target.open) unpack(event.target);
  }, true);
  const follow = () => { if (location.hash.length > 1) open(decodeURIComponent(location.hash.slice(1))); };
  addEventListener("hashchange", follow);
  follow();

  const form = document.getElementById("filter");
  const search = document.getElementById("search");
  const scenarios = [...document.querySelectorAll(".scenario")];
  const texts = scenarios.map(one => [...one.querySelectorAll(":scope > summary, .inside > .facts, .why, .steps, .inside > .finding")].map(part => part.textContent).join(" ").toLowerCase());
  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set([...form.querySelectorAll("input:checked")].map(box => box.value));
    let shown = 0;
    scenarios.forEach((one, at) => {
      one.hidden = !(wanted.has(one.dataset.verdict) && words.every(word => texts[at].includes(word)));
      shown += !one.hidden;
    });
    for (const area of document.querySelectorAll(".area"))
      area.hidden = !area.querySelector(".scenario:not([hidden])");
    document.getElementById("shown").textContent = shown === scenarios.length ? "" : `${shown} of ${scenarios.length} scenarios shown`;
  }
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", event => event.preventDefault());
})();
