// Writing: what is typed is kept as it is typed, so that a closed tab loses nothing. Slots that are still open are told.
import { swap } from "./parts.js";
import { renewToken } from "./tokens.js";

const WAIT = 900;
// As drafting/slots.py reads them.
const SLOT = /\{\s*[\p{L}\p{N}][\p{L}\p{N}_ .-]*(?::\s*(?:text|number|amount|date|id)?\s*)?\}/gu;
const timers = new Map();

const textOf = (form) => form.querySelector("textarea[name=text]");

function typed(form) {
  renewToken(form);
  const found = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "file" && name !== "q") found.append(name, value);
  return found;
}

function forget(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
}

async function keep(form) {
  forget(form);
  const value = textOf(form).value;
  const body = typed(form);
  try {
    // A page that is being closed may send no more than 64 KB.
    const answer = await fetch(form.dataset.keeps, { method: "POST", body, keepalive: body.toString().length < 60_000 });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    textOf(form).keptValue = value;
    tell(form, "Kept");
  } catch {
    tell(form, "Not kept: the server cannot be reached, or you are signed out. Copy your text before you leave.");
  }
}

function tell(form, words) {
  const place = form.querySelector("[data-kept]");
  if (place) place.textContent = words;
}

function openSlots(text) {
  return [...new Set(text.value.match(SLOT) ?? [])];
}

export function showSlots(form) {
  const note = form.querySelector("[data-open-slots]");
  if (!note) return;
  const found = openSlots(textOf(form));
  note.hidden = !found.length;
  const words = `Still to fill in: ${found.slice(0, 4).join(", ")}`;
  if (note.querySelector("span").textContent !== words) note.querySelector("span").textContent = words;
}

// Selects the first open slot from `from` on, so that typing fills it in.
export function selectSlot(text, from) {
  const found = [...text.value.matchAll(SLOT)];
  const next = found.find((match) => match.index >= from) ?? found[0];
  text.focus();
  if (next) text.setSelectionRange(next.index, next.index + next[0].length);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-keeps]");
  if (!form || !event.target.name) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(keep, WAIT, form));
  showSlots(form);
});

// What is sent need not be kept; htmx may hold a submission back.
document.addEventListener("submit", ({ target }) => target.hasAttribute("hx-post") || forget(target));
document.addEventListener("htmx:beforeSend", ({ detail }) => forget(detail.elt));

// What was not taken is kept as it stands.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.successful && detail.elt.isConnected && detail.elt.matches("form[data-keeps]")) keep(detail.elt);
});

function keepAll() {
  for (const form of timers.keys()) keep(form);
}

document.addEventListener("visibilitychange", () => document.hidden && keepAll());
window.addEventListener("pagehide", keepAll);
document.addEventListener("htmx:beforeSwap", keepAll);

document.addEventListener("click", (event) => {
  const next = event.target.closest("[data-next-slot]");
  const dropper = event.target.closest("[data-discards]");
  if (next) {
    const text = textOf(next.form);
    selectSlot(text, text.selectionEnd);
  }
  if (dropper && !confirm("Drop your unsent text for good?")) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
  event.target.closest?.("form.writing")?.querySelector("[data-sends]")?.click();
});

// Whom one may want to write to, by how the address begins.
let asking = 0;
document.addEventListener("input", (event) => {
  const { suggests } = event.target.dataset ?? {};
  if (!suggests) return;
  clearTimeout(asking);
  asking = setTimeout(async () => {
    const query = new URLSearchParams({ recipient: event.target.value, mailbox: event.target.form.elements.mailbox?.value ?? "" });
    const answer = await fetch(`${suggests}?${query}`);
    if (answer.ok) swap("recipients", await answer.text());
  }, 200);
});

function begin() {
  for (const form of document.querySelectorAll("form[data-keeps]")) showSlots(form);
}

document.addEventListener("htmx:afterSwap", begin);
begin();
