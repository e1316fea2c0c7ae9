import { isSomebodyElse } from "./tokens.js";

// The notices: each counts its time down, then goes. Failures of the line are told here too.
const SECONDS = 6;
const ends = new WeakMap();

const toasts = () => [...document.querySelectorAll("#toast .toast")];
const canBeUsed = (toast) => toast.querySelector("form");

// A new one (the first) takes the place of those of its kind; beside it stays what can still be undone, until its own time is over.
function arrive() {
  const [newest, ...older] = toasts();
  if (!newest || ends.has(newest)) return;
  ends.set(newest, performance.now() + (Number(newest.dataset.seconds) || SECONDS) * 1000);
  for (const toast of older) if (!canBeUsed(toast) || toast.dataset.kind === newest.dataset.kind) toast.remove();
  tick();
}

function tick() {
  for (const toast of toasts()) count(toast, (ends.get(toast) - performance.now()) / 1000);
}

function count(toast, rest) {
  if (rest <= 0) return gone(toast);
  const seconds = Number(toast.dataset.seconds);
  const left = toast.querySelector(".left");
  if (left && seconds) left.textContent = `${Math.ceil(rest)} s`;
  if (seconds) toast.querySelector(".bar").style.transform = `scaleX(${rest / seconds})`;
}

// Somebody who is choosing a reason is not interrupted.
function gone(toast) {
  if (!toast.querySelector(".why")?.contains(document.activeElement)) toast.remove();
}

export function tell(words, tone = "red") {
  const toast = document.createElement("div");
  toast.className = `toast toast-${tone}`;
  toast.dataset.kind = "told";
  toast.append(Object.assign(document.createElement("p"), { textContent: words }), Object.assign(document.createElement("span"), { className: "bar" }));
  document.getElementById("toast")?.prepend(toast);
  arrive();
}

document.addEventListener("click", (event) => event.target.closest(".toast-close")?.closest(".toast").remove());
document.addEventListener("htmx:oobAfterSwap", (event) => event.detail.target.id === "toast" && arrive());
document.addEventListener("htmx:configRequest", (event) => {
  if (!isSomebodyElse() || !event.detail.triggeringEvent) return;
  event.preventDefault();
  tell("Somebody else has signed in in this browser, so nothing was sent; what you typed is still here. Load the page anew to go on.");
});
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.requestConfig.verb === "get" && event.detail.elt.id === "queue-rows") return;
  const status = event.detail.xhr.status;
  if (status === 401) tell("You are signed out. Sign in again in another tab, then repeat this; what you typed is still here.");
  else if (status === 403) tell("You may not do this.");
  else tell("That did not work, and nothing was decided. Try again.");
});
document.addEventListener("htmx:sendError", (event) => {
  if (event.detail.elt.id !== "queue-rows") tell("The server cannot be reached. Nothing was decided; what you typed is still here.");
});
arrive();
setInterval(tick, 200);
