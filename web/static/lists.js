// A list whose rows are put in order: lifted by its handle with the keyboard, or dragged. The
// number field and the buttons of each row do the same without any of this.
"use strict";

const table = document.querySelector("table[data-movable]");
const status = document.getElementById("lyft");

const rows = () => [...table.tBodies[0].querySelectorAll("tr[data-name]")];
const first = rows().length ? Number(rows()[0].dataset.at) : 1;
const place = (row) => first + rows().indexOf(row);

const say = (text, row) => {
  status.textContent = text.replace(/\{(name|n)\}/g, (_, word) => (word === "n" ? place(row) : row.dataset.name));
};

let lifted = null;
let before = null;
let held = null; // where the pointer took hold of a handle
let dragged = false; // the click that ends a drag lifts nothing

const lift = (row) => {
  lifted = row;
  before = row.nextElementSibling;
  row.classList.add("lift");
  row.querySelector("[data-lift]").setAttribute("aria-pressed", "true");
  say(table.dataset.lifted, row);
};

const settle = (row) => {
  row.classList.remove("lift");
  row.querySelector("[data-lift]").setAttribute("aria-pressed", "false");
  lifted = null;
};

const undo = () => {
  const row = lifted;
  row.parentNode.insertBefore(row, before);
  settle(row);
  say(table.dataset.undone, row);
  row.querySelector("[data-lift]").focus();
};

const drop = () => {
  const row = lifted;
  settle(row);
  if (place(row) === Number(row.dataset.at)) return say(table.dataset.undone, row);
  say(table.dataset.dropped, row);
  const form = row.querySelector("form.move");
  form.elements.plats.value = place(row);
  form.requestSubmit();
};

const shift = (step) => {
  const all = rows();
  const beside = all[all.indexOf(lifted) + step];
  if (!beside) return;
  lifted.parentNode.insertBefore(lifted, step < 0 ? beside : beside.nextSibling);
  say(table.dataset.now, lifted);
  lifted.querySelector("[data-lift]").focus();
};

const KEYS = {
  ArrowUp: () => shift(-1),
  ArrowDown: () => shift(1),
  Enter: drop,
  " ": drop,
  Escape: undo,
};

const handle = (row) => {
  const button = document.createElement("button");
  const words = document.createElement("span");
  button.type = "button";
  button.className = "btn sq";
  button.dataset.lift = "";
  button.setAttribute("aria-pressed", "false");
  words.className = "vh";
  words.textContent = table.dataset.handle.replace("{name}", () => row.dataset.name);
  button.append("↕", words);
  button.addEventListener("click", () => {
    if (dragged) dragged = false;
    else if (lifted === row) drop();
    else if (!lifted) lift(row);
  });
  button.addEventListener("keydown", (event) => {
    if (lifted !== row || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  button.addEventListener("blur", () => {
    // Moving the row in the page takes the focus away for a moment; leaving it puts it back.
    setTimeout(() => lifted === row && document.activeElement !== button && !held && undo());
  });
  button.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && !lifted) held = { row, y: event.clientY };
  });
  row.querySelector("form.move").prepend(button);
};

const drag = (event) => {
  if (!held) return;
  if (!lifted) {
    if (Math.abs(event.clientY - held.y) < 5) return;
    lift(held.row);
  }
  event.preventDefault();
  const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("tr[data-name]");
  if (!over || over === lifted || !table.contains(over)) return;
  const box = over.getBoundingClientRect();
  const below = event.clientY > box.top + box.height / 2;
  lifted.parentNode.insertBefore(lifted, below ? over.nextSibling : over);
  say(table.dataset.now, lifted);
};

const release = () => {
  if (held && lifted) {
    dragged = true;
    setTimeout(() => (dragged = false));
    drop();
  }
  held = null;
};

if (table) {
  for (const row of rows()) handle(row);
  for (const one of document.querySelectorAll("[data-with-script]")) one.hidden = false;
  addEventListener("pointermove", drag);
  addEventListener("pointerup", release);
  addEventListener("pointercancel", () => {
    held = null;
    if (lifted) undo();
  });
}
