// The next mail is fetched ahead and shown the moment the last is decided. It can be read then, not acted on: the answer takes its place.
import { showMail } from "./panes.js";

const WAIT = 200;
let ahead = null;
let timer = 0;
let asked = null;
let sent = null;

const item = () => document.getElementById("item");
const ghost = () => document.getElementById("item-ahead");

// The row that the server would go on with.
function following() {
  const rows = [...document.querySelectorAll(".row")];
  const here = rows.findIndex((row) => row.dataset.draft === item()?.dataset.draft);
  const free = rows.filter((row, place) => place !== here && row.hasAttribute("data-next"));
  return free.find((row) => rows.indexOf(row) > here) ?? free[0];
}

async function fetchAhead() {
  const row = item()?.dataset.draft && following();
  if (!row || ahead?.draft === row.dataset.draft) return;
  asked?.abort();
  asked = new AbortController();
  const url = new URL(row.href);
  url.searchParams.set("peek", "1");
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true", "X-Unattended": "1" }, signal: asked.signal });
    if (answer.ok) ahead = { draft: row.dataset.draft, html: await answer.text() };
  } catch {
    // Without it the next mail shows with the answer.
  }
}

function plan() {
  clearTimeout(timer);
  timer = setTimeout(fetchAhead, WAIT);
}

function show() {
  const shown = new DOMParser().parseFromString(ahead.html, "text/html").getElementById("item");
  if (!shown) return;
  shown.id = "item-ahead";
  shown.inert = true;
  item().classList.add("is-leaving");
  item().after(shown);
  showMail(shown);
}

function clear() {
  const shown = ghost();
  if (!shown) return;
  item()?.classList.remove("is-leaving");
  if (shown.dataset.draft === item()?.dataset.draft) {
    for (const name of [".talk", ".draft"]) item().querySelector(name)?.scrollTo(0, shown.querySelector(name)?.scrollTop ?? 0);
  }
  shown.remove();
  ahead = null;
}

document.addEventListener("htmx:beforeSend", (event) => {
  const elt = event.detail.elt;
  const isNext = elt.matches("#item form[data-next]") && following()?.dataset.draft === ahead?.draft;
  if (!ahead || ghost() || !item() || !(isNext || elt.dataset.draft === ahead.draft)) return;
  sent = event.detail.xhr;
  show();
});
// On the way down, so before anything is measured on the page: two items beside each other would halve the list.
document.addEventListener("htmx:afterSwap", (event) => event.detail.target.id === "item" && clear(), { capture: true });
document.addEventListener("htmx:afterSwap", (event) => ["item", "queue-rows"].includes(event.detail.target.id) && plan());
// The list asks by itself meanwhile: only what showed the next mail ends it.
document.addEventListener("htmx:afterRequest", (event) => event.detail.xhr === sent && clear());
plan();
