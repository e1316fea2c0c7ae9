// Pointing at a detail of the draft, or stepping to it, highlights the evidence that it came from.
function light(event) {
  for (const lit of document.querySelectorAll(".is-lit")) lit.classList.remove("is-lit");
  const atom = event.target.closest?.("a.atom");
  if (!atom) return;
  document.getElementById(atom.hash.slice(1))?.classList.add("is-lit");
}

document.addEventListener("pointerover", light);
document.addEventListener("focusin", light);

// Opens what the evidence is folded in, and brings it into view without moving the draft out of it.
function reveal(atom) {
  const target = atom.hash && document.getElementById(atom.hash.slice(1));
  if (!target) return;
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  target.scrollIntoView({ block: "nearest" });
  atom.scrollIntoView({ block: "nearest" });
}

export function step(by) {
  const atoms = [...document.querySelectorAll("#item .paper .atom")].filter((atom) => atom.checkVisibility());
  if (!atoms.length) return;
  const here = atoms.indexOf(document.activeElement);
  const next = atoms[here < 0 ? (by > 0 ? 0 : atoms.length - 1) : (here + by + atoms.length) % atoms.length];
  reveal(next);
  next.focus();
}

document.addEventListener("click", (event) => {
  const atom = event.target.closest?.("a.atom");
  if (!atom) return;
  event.preventDefault();
  reveal(atom);
});
