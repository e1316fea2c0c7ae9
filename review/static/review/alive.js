// Keeps the claim while somebody is active, learns when the draft is no longer theirs to decide, and lets go of it with the page.
import { token } from "./tokens.js";

const EVERY = 45_000;
const NEVER = "1970-01-01T00:00:00+00:00";
let active = true;
let renewing = false;

const item = () => document.getElementById("item");

function renew() {
  const url = item()?.dataset.renew;
  if (!url || renewing) return;
  renewing = true;
  htmx.ajax("POST", url, { target: "#item-notice", swap: "outerHTML" }).finally(() => (renewing = false));
}

function wakeUp() {
  active = true;
  // What appeared by itself, with nobody there, is claimed by who comes back to it.
  if (item()?.dataset.renew && !item().dataset.until) renew();
}

for (const name of ["pointermove", "keydown", "scroll"]) document.addEventListener(name, wakeUp, { passive: true, capture: true });

document.addEventListener("htmx:afterRequest", (event) => {
  const path = event.detail.requestConfig?.path;
  if (path !== item()?.dataset.renew) return;
  item().dataset.until = event.detail.xhr.getResponseHeader("Claimed-Until") ?? NEVER;
});

setInterval(() => {
  if (!active || document.hidden) return;
  active = false;
  renew();
}, EVERY);

window.addEventListener("pagehide", () => {
  const { release, until } = item()?.dataset ?? {};
  if (!release) return;
  const form = new FormData();
  form.set("csrfmiddlewaretoken", token() ?? "");
  form.set("until", until || NEVER);
  navigator.sendBeacon(release, form);
});
window.addEventListener("pageshow", (event) => event.persisted && renew());
