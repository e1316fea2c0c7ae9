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
  if (place) document.querySelector(".rows-scroll").scrollTop += document.getElementById(place[0]).getBoundingClientRect().top - place[1];
}

const isRows = (event) => event.detail.target?.id === "queue-rows";
const before = (event) => isRows(event) && remember();
const after = (event) => {
  if (!isRows(event)) return;
  keepPlace();
  show();
};
document.addEventListener("htmx:beforeSwap", before);
document.addEventListener("htmx:oobBeforeSwap", before);
document.addEventListener("htmx:afterSwap", after);
document.addEventListener("htmx:oobAfterSwap", after);
show();
