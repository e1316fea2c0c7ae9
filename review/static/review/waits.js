// What takes a while to answer says so, and is not asked for twice. A page that is left ends it; a file that comes leaves the page as it is,
// so its answer names in a cookie what was asked for (see WaitedMiddleware).
import { tell } from "./toast.js";

const EVERY = 300;
const LONGEST = 600_000;

function begin(carrier, words) {
  carrier.setAttribute("aria-busy", "true");
  const note = Object.assign(document.createElement("span"), { className: "waiting quiet", textContent: words || "Being prepared …" });
  note.setAttribute("role", "status");
  carrier.after(note);
}

function end(carrier) {
  carrier.removeAttribute("aria-busy");
  if (carrier.nextElementSibling?.matches(".waiting")) carrier.nextElementSibling.remove();
}

// The address of the request, with a name by which its answer is known.
function named(form, button) {
  const name = Math.random().toString(36).slice(2, 12);
  const [carrier, attribute] = button?.hasAttribute("formaction") ? [button, "formaction"] : [form, "action"];
  const url = new URL(carrier.getAttribute(attribute), location.href);
  url.searchParams.set("waits", name);
  carrier.setAttribute(attribute, url);
  return name;
}

function watch(button, name) {
  const until = performance.now() + LONGEST;
  const timer = setInterval(() => {
    const isLate = performance.now() > until;
    if (!document.cookie.includes(`waited=${name}`) && !isLate) return;
    clearInterval(timer);
    end(button);
    if (isLate) tell("No answer came. Try again.");
  }, EVERY);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-waits]")) return;
  if (form.querySelector('[aria-busy="true"]')) return event.preventDefault();
  const button = event.submitter ?? form.querySelector("button");
  watch(button, named(form, button));
  begin(button, form.dataset.waits);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-waits]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && !link.hasAttribute("aria-busy")) begin(link, link.dataset.waits);
});

window.addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll('[aria-busy="true"]').forEach(end));
