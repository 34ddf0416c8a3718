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

// What is being made is looked at again until it is done.
const look = async () => {
  const there = document.querySelector("[data-poll]");
  if (!there) return;
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById(there.id);
    if (answer.ok && now && now.innerHTML !== there.innerHTML) there.replaceWith(now);
  } catch {
    // Without a network the button is there.
  }
  setTimeout(look, 2000);
};
if (document.querySelector("[data-poll]")) setTimeout(look, 2000);

// A row of a table is saved when one leaves its form. What does not go through is shown with
// all that was typed, as when it is sent with a button.
const saving = new WeakMap();

const typedIn = (form) => new URLSearchParams(new FormData(form)).toString();

const watch = (form) => {
  if (form) form.dataset.typed = typedIn(form);
};
watch(document.querySelector("form[data-autosave]"));

const saveLeft = async (form) => {
  const sent = typedIn(form);
  if (sent === form.dataset.typed || saving.has(form)) return;
  const done = fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(`${sent}&gor=har`),
    keepalive: sent.length < 60000,
  });
  saving.set(form, done);
  try {
    const answer = await done;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-autosave]");
    const untouched = typedIn(form) === sent;
    if (answer.ok && fresh) {
      for (const field of fresh.querySelectorAll("input[type=hidden]")) form.elements[field.name].value = field.value;
      if (untouched) form.dataset.typed = typedIn(form);
      document.querySelector("[data-said]").textContent = page.querySelector("[data-said]").textContent;
      for (const wrong of form.querySelectorAll(".err")) wrong.remove();
    } else if (untouched && page.querySelector("main")) {
      document.querySelector("main").replaceWith(page.querySelector("main"));
      watch(document.querySelector("form[data-autosave]"));
      document.querySelector("[data-focus]")?.focus();
    }
  } catch {
    // Without a network the text stays in its field, and the buttons tell.
  } finally {
    saving.delete(form);
  }
};

document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (form && !form.contains(event.relatedTarget)) saveLeft(form);
});

// A button waits for what is on its way, so that nobody is in their own way.
document.addEventListener("submit", async (event) => {
  const [form, button] = [event.target, event.submitter];
  if (!saving.has(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  await saving.get(form).catch(() => null);
  setTimeout(() => form.isConnected && form.requestSubmit(button), 50);
}, true);

// A suggested text is put into its field without a page load; what stands there stays.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-offer]");
  const field = button && document.getElementById(button.dataset.offer);
  const text = button?.closest("[data-offered]").querySelector("[data-offer-text]")?.textContent;
  if (!field || !text) return;
  event.preventDefault();
  if (!field.value.includes(text)) {
    field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${text}` : text;
    if (field.rows) field.rows = Math.max(field.rows, Math.min(field.value.split("\n").length + 2, 24));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.focus();
});
