// The list of the queue: which mails are chosen, and that nothing moves under the pointer while rows come and go.
const chosen = new Set();
let last = null;
let places = [];

const picks = () => [...document.querySelectorAll(".pick")];

function show() {
  const bulk = document.getElementById("bulk");
  if (!bulk) return;
  const there = new Set(picks().map((pick) => pick.value));
  for (const value of chosen) if (!there.has(value)) chosen.delete(value);
  for (const pick of picks()) pick.checked = chosen.has(pick.value);
  bulk.classList.toggle("is-open", chosen.size > 0);
  document.querySelector(".list").classList.toggle("is-choosing", chosen.size > 0);
  document.getElementById("bulk-count").textContent = `${chosen.size} chosen`;
}

function set(pick, isChosen) {
  if (isChosen) chosen.add(pick.value);
  else chosen.delete(pick.value);
  last = pick.value;
  show();
}

// The mail that is open, else the first.
export function choose() {
  const row = document.querySelector(".row[aria-current]") ?? document.querySelector(".row");
  const pick = row?.parentElement.querySelector(".pick");
  if (pick) set(pick, !chosen.has(pick.value));
}

// From the mail that was chosen last to this one.
function chooseUpTo(pick) {
  const all = picks();
  const from = Math.max(all.findIndex((one) => one.value === last), 0);
  const [low, high] = [from, all.indexOf(pick)].sort((one, other) => one - other);
  for (const one of all.slice(low, high + 1)) chosen.add(one.value);
  set(pick, true);
}

document.addEventListener("click", (event) => {
  const pick = event.target.closest(".rows li")?.querySelector(".pick");
  if (pick && event.shiftKey) {
    event.preventDefault();
    event.stopImmediatePropagation();
    chooseUpTo(pick);
    // A click that is prevented sets the box back when it is over.
    setTimeout(show);
  }
  if (event.target.closest("[data-clears]")) {
    chosen.clear();
    show();
  }
}, { capture: true });

document.addEventListener("change", (event) => {
  if (event.target.matches(".pick")) set(event.target, event.target.checked);
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful || !event.detail.elt.closest?.("#bulk")) return;
  chosen.clear();
  show();
});

// Where the rows on the screen are: what is pointed at first, then from the top.
function remember() {
  const list = document.querySelector(".rows-scroll");
  const { top, bottom } = list.getBoundingClientRect();
  const rows = [...list.querySelectorAll(".row")].map((row) => [row.id, row.getBoundingClientRect()]);
  const seen = rows.filter(([, box]) => box.bottom > top && box.top < bottom).map(([id, box]) => [id, box.top]);
  const pointed = list.querySelector(".row:hover")?.id;
  places = [...seen.filter(([id]) => id === pointed), ...seen];
}

function keepPlace() {
  const place = places.find(([id]) => document.getElementById(id));
  if (!place) return;
  const list = document.querySelector(".rows-scroll");
  const off = () => document.getElementById(place[0]).getBoundingClientRect().top - place[1];
  list.style.paddingBottom = "";
  list.scrollTop += off();
  // A list that has become too short to be scrolled so far gets room below, until it is scrolled back.
  const missing = off();
  if (missing < 1) return;
  list.style.paddingBottom = `${missing}px`;
  list.scrollTop += missing;
}

// Later mails, or back to the oldest: what the list asks by itself meanwhile would take it away under them.
let turning = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target, xhr } = event.detail;
  if (elt.id === "queue-rows") {
    if (turning) event.preventDefault();
  } else if (target?.id === "queue-rows" && event.detail.requestConfig.verb === "get") {
    htmx.trigger(target, "htmx:abort");
    turning = xhr;
  }
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.xhr === turning) turning = null;
});

// Then the list begins at its top.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.elt.matches(".more")) document.querySelector(".rows-scroll").scrollTo(0, 0);
});

// The list asks for what is new every few seconds. Where no answer comes, what stands there must not pass for all there is.
const MOST_MISSED = 3;
const CAUSES = { 0: "the server cannot be reached", 401: "you are signed out", 403: "you may not open the queue any more" };
let missed = 0;
let freshAt = new Date();

function showStale(status) {
  const place = document.querySelector(".rows-scroll");
  if (!place || document.getElementById("stale")) return;
  const time = freshAt.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const note = Object.assign(document.createElement("p"), { id: "stale", className: "note note-amber" });
  note.setAttribute("role", "alert");
  note.append(`Not up to date since ${time}: ${CAUSES[status] ?? "the server has a fault"}. `);
  if (status === 401) note.append(Object.assign(document.createElement("a"), { href: "/sign-in/", target: "_blank", textContent: "Sign in" }));
  place.before(note);
}

const isPoll = ({ detail }) => detail.requestConfig?.elt.id === "queue-rows";

document.addEventListener("htmx:afterRequest", (event) => {
  if (!isPoll(event) || !event.detail.successful) return;
  missed = 0;
  freshAt = new Date();
  document.getElementById("stale")?.remove();
});

// One that the next overtakes is given up, which is no fault of the line.
function miss(event) {
  if (!isPoll(event)) return;
  missed += 1;
  if (missed >= MOST_MISSED) showStale(event.detail.xhr.status);
}

document.addEventListener("htmx:responseError", miss);
document.addEventListener("htmx:sendError", miss);

const isRows = (event) => event.detail.target?.id === "queue-rows";
const before = (event) => isRows(event) && remember();
const after = (event) => {
  if (!isRows(event)) return;
  keepPlace();
  show();
};
document.addEventListener("htmx:beforeSwap", before);
document.addEventListener("htmx:oobBeforeSwap", before);
// On the way down, so before the row that is open is brought into view (see panes.js).
document.addEventListener("htmx:afterSwap", after, { capture: true });
document.addEventListener("htmx:oobAfterSwap", after, { capture: true });
show();
