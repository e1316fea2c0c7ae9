// Filters that are sent as soon as they are changed. Whoever uses keys comes back to where they were, and arrow keys go through a menu entry by
// entry: it is sent with Enter, or when it is left.
const PLACE = "filtered";
let isByKeys = false;

function send(control) {
  const place = [new URL(control.form.action).pathname, control.name, control.matches("select") ? "" : control.value];
  if (isByKeys) sessionStorage.setItem(PLACE, JSON.stringify(place));
  control.form.requestSubmit();
}

document.addEventListener("pointerdown", () => (isByKeys = false), { capture: true });
document.addEventListener("keydown", ({ key, target }) => {
  isByKeys = target.matches?.("[data-submits]") ?? false;
  if (key === "Enter" && target.isChanged) send(target);
}, { capture: true });
document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-submits]")) return;
  if (target.matches("select") && isByKeys) target.isChanged = true;
  else send(target);
});
document.addEventListener("focusout", ({ target }) => target.isChanged && send(target));

const [path, name, value] = JSON.parse(sessionStorage.getItem(PLACE) ?? "[]");
sessionStorage.removeItem(PLACE);
if (path === location.pathname) {
  [...document.querySelectorAll("[data-submits]")].find((one) => one.name === name && (!value || one.value === value))?.focus({ preventScroll: true });
}
