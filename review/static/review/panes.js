// Which row is open, which box is open, and that nothing typed gets lost.
const item = () => document.getElementById("item");

function markRow() {
  const opened = item()?.dataset.draft;
  for (const row of document.querySelectorAll(".row")) {
    if (row.dataset.draft === opened) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

export function toggle(name) {
  const { dataset } = item();
  dataset.box = dataset.box === name ? "" : name;
  if (dataset.box) startTyping();
}

export function closeBoxes() {
  const open = Boolean(item()?.dataset.box);
  if (open) item().dataset.box = "";
  if (open) markTyped();
  return open;
}

// A box that is closed keeps what was typed; its button says so.
function markTyped() {
  for (const toggler of document.querySelectorAll("[data-toggles]")) {
    const kept = [...(document.getElementById(toggler.dataset.toggles)?.querySelectorAll("textarea") ?? [])].some(isChanged);
    toggler.classList.toggle("has-text", kept);
    toggler.title = kept ? "What you typed is kept here" : "";
  }
}

function startTyping() {
  const name = item().dataset.box || (item().matches(".stage-taken_over") ? "reply" : "");
  const box = name && document.getElementById(name)?.querySelector("textarea, button");
  if (!box) return;
  box.closest(".letter, .decide").scrollIntoView({ block: "nearest" });
  // A keyboard that slides in by itself hides half of a phone's screen.
  if (matchMedia("(pointer: coarse)").matches) return;
  box.focus({ preventScroll: true });
  box.setSelectionRange?.(0, 0);
}

// What writing.js has kept on the server is not lost with the page.
const isChanged = (box) => box.value !== box.defaultValue;
const isKept = (box) => box.value === box.keptValue;

// Whether something was typed that `form` does not send.
function isTyped(form) {
  return [...document.querySelectorAll("#item textarea:not([readonly])")].some((box) => box.form !== form && isChanged(box) && !isKept(box));
}

document.addEventListener("click", (event) => {
  const toggler = event.target.closest("[data-toggles]");
  const closer = event.target.closest("[data-closes]");
  const opener = event.target.closest("[data-opens]");
  if (toggler || closer) event.preventDefault();
  if (toggler) toggle(toggler.dataset.toggles);
  if (closer) closeBoxes();
  if (opener) document.querySelector(opener.dataset.opens)?.showModal();
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("htmx:confirm", (event) => {
  if (!event.target.closest('.row, [hx-target="#item"]') || !isTyped(event.target)) return;
  event.preventDefault();
  if (confirm("What you typed is not sent with this. Go on without it?")) event.detail.issueRequest(true);
});

window.addEventListener("beforeunload", (event) => {
  if (isTyped() && !document.querySelector("#item .htmx-request")) event.preventDefault();
});

// What was said in a box that leaves the item as it is, was said.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("[data-stays]");
  if (!form || !event.detail.successful) return;
  form.reset();
  closeBoxes();
  document.querySelector(".talk")?.focus({ preventScroll: true });
});

// Its row may come with the list only, a moment after the item.
let awaitsRow = false;

function showRow() {
  const row = document.querySelector(".row[aria-current]");
  row?.parentElement.scrollIntoView({ block: "nearest" });
  return Boolean(row);
}

// However much stands above the mail to answer, it is in view: whole, or from its beginning. On a phone, where the warnings and the way back
// would be left behind, only a mail of which nothing can be seen, and none with warnings.
const HARDLY = 160;

export function showMail(pane) {
  const talk = pane.querySelector(".talk");
  const mail = [...(talk?.querySelectorAll(".mail[open]") ?? [])].at(-1);
  if (!mail || talk.scrollTop) return;
  const isBeside = getComputedStyle(talk).overflowY === "auto";
  const scroller = isBeside ? talk : pane;
  const port = scroller.getBoundingClientRect();
  const { top, bottom } = mail.getBoundingClientRect();
  const head = isBeside ? talk.querySelector(".pane-head").offsetHeight : 0;
  const stays = bottom <= port.bottom || (!isBeside && (talk.querySelector(".warnings") || top < port.bottom - HARDLY));
  if (!stays) scroller.scrollTop += Math.min(bottom - port.bottom, top - port.top - head);
}

// A new item begins at its top, its row comes into view, and the keyboard goes on in it unless it is somewhere else.
function arrive() {
  item().scrollTo(0, 0);
  showMail(item());
  item().querySelector(".planted")?.scrollIntoView({ block: "nearest" });
  awaitsRow = !showRow();
  document.title = `${item().getAttribute("aria-label") ?? "Queue"} · Countersign`;
  if (!item().matches(".stage-writing")) startTyping();
  if (document.activeElement === document.body) (item().querySelector(".talk") ?? item()).focus({ preventScroll: true });
}

document.addEventListener("htmx:afterSwap", (event) => {
  markRow();
  const { id } = event.detail.target;
  if (id === "item") arrive();
  if (id === "talk") showMail(item());
  if (id !== "queue-rows" || !awaitsRow) return;
  awaitsRow = false;
  showRow();
});
document.addEventListener("htmx:oobAfterSwap", markRow);
if (item()) showMail(item());
