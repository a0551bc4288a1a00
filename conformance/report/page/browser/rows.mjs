/**
 * Builds the rows of the list of cases. Runs in the browser. Text is only ever set as text.
 */

/** @typedef {import("./filter.mjs").Entry} Entry */
/** @typedef {import("../cases.ts").PageData} PageData */
/** @typedef {import("../cases.ts").PageFailure} PageFailure */

const ALONE =
  "Asked of a fresh process it passes: the implementation keeps something from the requests before, which the command asks too.";

/**
 * The row of a case: what is seen of it while it is closed. What did not pass can be opened.
 *
 * @param {PageData} page
 * @param {Entry} entry
 * @returns {HTMLLIElement}
 */
export function rowOf(page, { id, result, failure }) {
  const chip = element("span", `chip ${page.tones[result]}`, page.titles[result]);
  const name = element("code", "id", id);
  if (failure === undefined) return element("li", "plain", chip, " ", name);
  const about = element("span", "about", failure.requirements[0]);
  const broken = failure.broken === "" ? about : element("span", "broken", failure.broken);
  const detail = element("span", "detail", failure.known === "" ? failure.detail : failure.known);
  return element("li", "", element("details", "", element("summary", "", chip, " ", name, " ", broken, " ", detail)));
}

/**
 * What is seen of a case that is open.
 *
 * @param {PageData} page
 * @param {PageFailure} failure
 * @returns {HTMLDivElement}
 */
export function bodyOf(page, failure) {
  const { broken, requirements, detail, known, passesAlone, vector, stderr } = failure;
  const first = broken === "" ? (requirements[0] ?? "") : broken;
  const shown = requirements.filter((id) => id !== first);
  return element(
    "div",
    "body",
    element("p", "why", failure.why),
    rule(page, first, broken === "" ? "rule" : "rule isBroken"),
    detail === "" ? "" : element("p", "finding", element("strong", "", "Finding: "), detail),
    known === "" ? "" : element("p", "", element("strong", "", "Known: "), known),
    passesAlone ? element("p", "", ALONE) : "",
    ...(failure.request.length === 0 ? [] : bytesOf(failure)),
    stderr === "" ? "" : pane("Standard error, its end", stderr.trimEnd().split("\n")),
    shown.length === 0 ? "" : folded(`Also shows ${shown.join(", ")}`, ...shown.map((id) => rule(page, id, "shown"))),
    vector === "" ? "" : folded("As a vector, for a file", command("the vector", vector)),
    element("h3", "", "Repeat"),
    command("the command", failure.repeat),
  );
}

/** @param {PageFailure} failure */
function bytesOf({ request, expected, got }) {
  return [pane("Asked", request), element("div", "sides", pane("Accepted", expected), pane("Got", got))];
}

/**
 * A requirement and its text.
 *
 * @param {PageData} page
 * @param {string} id
 * @param {string} className
 */
function rule(page, id, className) {
  const known = page.requirements[id];
  const name = known?.isLinked ? element("a", "", id) : element("strong", "", id);
  if (name instanceof HTMLAnchorElement) name.href = `#${id}`;
  return element("p", className, name, " ", ...inlineText(known?.text ?? ""));
}

/**
 * Text of a chapter: code and emphasis are shown as such.
 *
 * @param {string} text
 */
function inlineText(text) {
  const parts = text.split(/(`[^`]+`|\*[^*]+\*)/);
  return parts.map((part, index) => {
    if (index % 2 === 0) return part;
    return element(part.startsWith("`") ? "code" : "em", "", part.slice(1, -1));
  });
}

/**
 * Annotated bytes, which scroll within themselves.
 *
 * @param {string} title
 * @param {readonly string[]} lines
 */
function pane(title, lines) {
  const text = element("pre", "");
  text.tabIndex = 0;
  text.setAttribute("role", "group");
  text.setAttribute("aria-label", title);
  const rows = lines.length === 0 ? ["nothing"] : lines;
  for (const [index, line] of rows.entries()) {
    const isMarks = /^ *\^[\^ ]*$/.test(line);
    text.append(index === 0 ? "" : "\n", isMarks ? element("span", "marks", line) : line);
  }
  return element("div", "pane", element("h3", "", title), text);
}

/**
 * @param {string} title
 * @param {Node[]} children
 */
function folded(title, ...children) {
  return element("details", "more", element("summary", "", title), ...children);
}

/**
 * Text with a button that copies it, where the browser lets a page do so.
 *
 * @param {string} what
 * @param {string} text
 */
function command(what, text) {
  const shown = element("pre", "", text);
  shown.tabIndex = 0;
  shown.setAttribute("role", "group");
  shown.setAttribute("aria-label", what);
  if (!navigator.clipboard) return element("div", "command", shown);
  const button = element("button", "", "Copy", element("span", "unseen", ` ${what}`));
  button.type = "button";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text).then(
      () => button.replaceChildren("Copied"),
      () => button.replaceChildren("Not allowed"),
    );
  });
  return element("div", "command", shown, button);
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} className
 * @param {(Node | string | undefined)[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  for (const child of children) if (child !== undefined && child !== "") made.append(child);
  return made;
}
