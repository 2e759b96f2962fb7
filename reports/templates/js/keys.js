// Keys of the page; those of the browser (Tab, Enter, Space) do the rest.
const summaryOf = target => target.querySelector("summary, h3 a");

// Moves the focus to the next or the previous of these, seen from where the focus is.
function step(selector, by, first) {
  const all = [...document.querySelectorAll(selector)];
  if (!all.length) return;
  const inside = document.activeElement && document.activeElement.closest(selector);
  const here = first ? -1 : all.indexOf(inside);
  const next = all[Math.min(Math.max(here + by, 0), all.length - 1)];
  summaryOf(next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
}

const KEYS = {
  "/": () => { search.focus(); search.scrollIntoView({ block: "start" }); },
  n: () => step("#findings .finding", 1),
  p: () => step("#findings .finding", -1),
  j: () => step(".scenario:not([hidden])", 1),
  k: () => step(".scenario:not([hidden])", -1),
  "?": () => open("keys"),
};

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === search && event.key === "Escape") {
    search.value = "";
    filter();
    search.blur();
  } else if (!event.target.matches("input, select, textarea") && KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});
