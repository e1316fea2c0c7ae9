// A click on a fact or a function puts it where the cursor last was in the condition.
const box = document.getElementById("id_expression");

document.addEventListener("click", (event) => {
  const insert = event.target.closest("[data-insert]")?.dataset.insert;
  if (!insert || !box) return;
  const before = box.value.slice(0, box.selectionStart);
  const space = before && !/[\s(!,[]$/.test(before) ? " " : "";
  box.setRangeText(space + insert, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
});
