/**
 * Which cases the page lists. Runs in the browser, and knows nothing of it.
 */

/**
 * A case of the list.
 *
 * @typedef {object} Entry
 * @property {string} id
 * @property {string} section
 * @property {string} result - What it is counted as: its verdict, or `known`.
 * @property {import("../cases.ts").PageFailure | undefined} failure - What is known of a case that did not pass.
 * @property {string} [text] - What is searched, in lower case; made when it is first needed.
 */

/**
 * What is asked for; an empty text asks for nothing. The result is a verdict, `known`, `all`, or empty for all that did not pass.
 *
 * @typedef {object} Filter
 * @property {string} words
 * @property {string} result
 * @property {string} family
 * @property {string} requirement
 */

/**
 * All cases of the page: those that did not pass, and then the others.
 *
 * @param {import("../cases.ts").PageData} page
 * @returns {Entry[]}
 */
export function entriesOf({ failures, others }) {
  const entries = failures.map((failure) => {
    const { id, section, known, verdict } = failure;
    return { id, section, result: known === "" ? verdict : "known", failure };
  });
  const rest = Object.entries(others).flatMap(([result, sections]) =>
    Object.entries(sections).flatMap(([section, names]) =>
      names.map((name) => ({ id: `${section}/${name}`, section, result, failure: undefined })),
    ),
  );
  return [...entries, ...rest];
}

/**
 * The entries that the filter lets through, in their order. Every word has to stand somewhere in the case.
 *
 * @param {readonly Entry[]} entries
 * @param {Filter} filter
 * @returns {Entry[]}
 */
export function filterEntries(entries, { words, result, family, requirement }) {
  const needles = words.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    if (result === "" ? entry.failure === undefined : result !== "all" && result !== entry.result) return false;
    if (family !== "" && family !== entry.section) return false;
    if (requirement !== "" && requirement !== entry.failure?.broken) return false;
    if (needles.length === 0) return true;
    entry.text ??= searchText(entry);
    const { text } = entry;
    return needles.every((needle) => text.includes(needle));
  });
}

/**
 * @param {Entry} entry
 * @returns {string}
 */
function searchText({ id, result, failure }) {
  if (failure === undefined) return `${id} ${result}`.toLowerCase();
  const { verdict, why, detail, known, requirements, stderr } = failure;
  return [id, result, verdict, why, detail, known, ...requirements, stderr].join(" ").toLowerCase();
}
