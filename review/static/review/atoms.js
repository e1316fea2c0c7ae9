// Pointing at a detail of the draft highlights the evidence that it came from.
function light(event) {
  for (const lit of document.querySelectorAll(".is-lit")) lit.classList.remove("is-lit");
  const atom = event.target.closest?.("a.atom");
  if (!atom) return;
  document.getElementById(atom.hash.slice(1))?.classList.add("is-lit");
}

document.addEventListener("pointerover", light);
document.addEventListener("focusin", light);

document.addEventListener("click", (event) => {
  const atom = event.target.closest?.("a.atom");
  if (!atom) return;
  event.preventDefault();
  const target = document.getElementById(atom.hash.slice(1));
  if (target?.tagName === "DETAILS") target.open = true;
  target?.scrollIntoView({ block: "nearest" });
});
