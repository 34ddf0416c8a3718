// Small kindnesses on top of pages that work without them.
"use strict";

// After a form that did not go through, the summary of what is wrong is where one begins.
document.querySelector("[data-focus]")?.focus();

// A button that was pressed says so, and is not pressed twice.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || event.defaultPrevented || event.target.method !== "post") return;
  if (button.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  button.setAttribute("aria-busy", "true");
});

// Back in the browser shows the page as it was: its buttons can be pressed again.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

// A grey button gives its reason in words beside it; pressing it does nothing here.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[aria-disabled='true'][type='button']");
  if (button) event.preventDefault();
});

// Printing is the browser's: the button is there when there are scripts.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// A link to something inside what is folded opens it.
const unfold = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  if (target) target.scrollIntoView();
};
addEventListener("hashchange", unfold);
unfold();
