// Everything on the desk has a key. A key clicks what carries it, so keys can do nothing that the pointer cannot.
import { closeBoxes } from "./panes.js";

// Nobody can have read in less (milliseconds) what has just been painted.
const SETTLE = 400;
let shownAt = performance.now();
const isFresh = () => performance.now() - shownAt < SETTLE;

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "item") return;
  shownAt = Infinity;
  requestAnimationFrame(() => requestAnimationFrame(() => (shownAt = performance.now())));
});

// A key or a second click that was meant for the last item must not decide the one in its place.
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("#item .decide button") || !isFresh()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, { capture: true });

const isTyping = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
const isBusy = () => document.querySelector("#item.htmx-request, #item .htmx-request, .toasts .htmx-request");

function move(step) {
  const rows = [...document.querySelectorAll(".row")];
  const here = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = rows[here < 0 ? 0 : here + step];
  if (!next) return;
  next.scrollIntoView({ block: "nearest" });
  next.click();
}

function press(key) {
  const carrier = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!carrier || isBusy()) return false;
  if (carrier.matches("input")) carrier.focus();
  else carrier.click();
  return true;
}

function escape(target) {
  const menu = document.querySelector(".menu[open]");
  if (menu) menu.open = false;
  else if (!closeBoxes()) target.blur?.();
  else target.blur?.();
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (document.querySelector("dialog[open]")) return;
  if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = target.closest?.("#item form");
    if (form && !event.repeat && !isBusy()) form.requestSubmit();
    return;
  }
  if (key === "Escape") return escape(target);
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(target)) return;
  if (document.body.dataset.keys === "off") return;
  if (key === "j") move(1);
  else if (key === "k") move(-1);
  else if (key === "?") document.getElementById("help")?.showModal();
  else if (key.length !== 1 || !press(key)) return;
  event.preventDefault();
});
