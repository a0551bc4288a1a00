/**
 * The program of the page: lists the cases that the form lets through. Runs in the browser, after the modules that it imports.
 */

import { entriesOf, filterEntries } from "./filter.mjs";
import { bodyOf, rowOf } from "./rows.mjs";

/** How many rows are there before the page is shown, and how many are added at a time after that. */
const FIRST_ROWS = 50;
const MORE_ROWS = 250;

/** @type {import("../cases.ts").PageData} */
const page = JSON.parse(byId("data").textContent ?? "");
const entries = entriesOf(page);
const form = /** @type {HTMLFormElement} */ (byId("filter"));
const list = byId("list");
/** @type {Map<import("./filter.mjs").Entry, HTMLElement>} */
const rows = new Map();
/** @type {WeakMap<Element, import("../cases.ts").PageFailure>} */
const failures = new WeakMap();
let filling = 0;

form.hidden = false;
for (const button of document.querySelectorAll("button.show")) /** @type {HTMLElement} */ (button).hidden = false;
show();

form.addEventListener("input", show);
// A form is reset after its event.
form.addEventListener("reset", () => window.setTimeout(show));
form.addEventListener("submit", (event) => event.preventDefault());
// `toggle` does not bubble.
list.addEventListener("toggle", (event) => fillBody(/** @type {Element} */ (event.target)), true);
document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("button.show");
  if (button instanceof HTMLElement) showOnly(button.dataset.filter ?? "", button.dataset.value ?? "");
});

/** Lists what the form asks for. All rows come into the page, a part at a time, so that the browser's own search finds them. */
function show() {
  const found = filterEntries(entries, {
    words: field("words").value,
    result: field("result").value,
    family: field("family").value,
    requirement: field("requirement").value,
  });
  byId("count").textContent = found.length === 1 ? "1 case" : `${found.length.toLocaleString("en-US")} cases`;
  window.clearTimeout(filling);
  list.replaceChildren(...found.slice(0, FIRST_ROWS).map(row));
  let count = FIRST_ROWS;
  const fill = () => {
    list.append(...found.slice(count, count + MORE_ROWS).map(row));
    count += MORE_ROWS;
    if (count < found.length) filling = window.setTimeout(fill);
  };
  if (count < found.length) filling = window.setTimeout(fill);
}

/** @param {import("./filter.mjs").Entry} entry */
function row(entry) {
  const known = rows.get(entry);
  if (known) return known;
  const made = rowOf(page, entry);
  if (entry.failure && made.firstElementChild) failures.set(made.firstElementChild, entry.failure);
  rows.set(entry, made);
  return made;
}

/** @param {Element} opened */
function fillBody(opened) {
  const failure = failures.get(opened);
  if (!failure) return;
  failures.delete(opened);
  opened.append(bodyOf(page, failure));
}

/**
 * Lists one family, or what breaks one requirement, and goes there.
 *
 * @param {string} filter
 * @param {string} value
 */
function showOnly(filter, value) {
  form.reset();
  field(filter).value = value;
  show();
  byId("cases-title").focus();
  byId("cases").scrollIntoView();
}

/** @param {string} id */
function field(id) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (byId(id));
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found;
}
