// Keeps the claim while somebody is active, and learns when the draft is no longer theirs to decide.
const EVERY = 45_000;
let active = true;

for (const name of ["pointermove", "keydown", "scroll"]) document.addEventListener(name, () => (active = true), { passive: true, capture: true });

setInterval(() => {
  const url = document.getElementById("item")?.dataset.renew;
  if (!url || !active || document.hidden) return;
  active = false;
  htmx.ajax("POST", url, { target: "#item-notice", swap: "outerHTML" });
}, EVERY);
