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
  const open = item().classList.toggle(`is-${name}ing`);
  for (const other of ["edit", "reject"]) if (other !== name) item().classList.remove(`is-${other}ing`);
  if (open) startTyping();
}

export function closeBoxes() {
  const open = item()?.matches(".is-editing, .is-rejecting");
  item()?.classList.remove("is-editing", "is-rejecting");
  return open;
}

function startTyping() {
  const box = document.querySelector(".is-editing #edit-text, .is-rejecting #reject-reason, .stage-taken_over #reply-text");
  if (!box) return;
  box.closest(".letter, .decide").scrollIntoView({ block: "nearest" });
  // A keyboard that slides in by itself hides half of a phone's screen.
  if (matchMedia("(pointer: coarse)").matches) return;
  box.focus({ preventScroll: true });
  box.setSelectionRange(0, 0);
}

function isTyped() {
  return [...document.querySelectorAll("#item textarea:not([readonly])")].some((box) => box.value !== box.defaultValue);
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

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

document.addEventListener("htmx:confirm", (event) => {
  const leaves = event.target.closest(".row");
  if (!leaves || !isTyped()) return;
  event.preventDefault();
  if (confirm("Leave this mail? What you typed is not sent.")) event.detail.issueRequest(true);
});

window.addEventListener("beforeunload", (event) => {
  if (isTyped() && !document.querySelector("#item .htmx-request")) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  // A form that posts without htmx leaves the page on purpose.
  if (event.target.closest("#item")) for (const box of event.target.querySelectorAll("textarea")) box.defaultValue = box.value;
});

// Classes are those of the new content only once it has settled.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id === "item") {
    if (!item()?.matches(".stage-writing")) startTyping();
    item()?.scrollTo(0, 0);
    document.title = `${item()?.getAttribute("aria-label") ?? "Queue"} · Countersign`;
  }
  markRow();
});
document.addEventListener("htmx:oobAfterSwap", markRow);
