// Copies a feed's address at a press. Without a script the address is there to be opened and selected by hand.
"use strict";

async function copy(button) {
  const address = button.parentElement.querySelector("a");
  try {
    await navigator.clipboard.writeText(address.textContent);
  } catch {
    getSelection().selectAllChildren(address); // pages served without https have no clipboard
    if (!document.execCommand("copy")) return; // the address stays selected
  }
  const label = button.textContent;
  if (label === document.body.dataset.copied) return;
  button.textContent = document.body.dataset.copied;
  setTimeout(() => { button.textContent = label; }, 1600);
}

for (const button of document.querySelectorAll(".address button")) {
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", () => copy(button));
}
