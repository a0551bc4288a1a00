/**
 * Shows the place that the address names, be it in a part that is folded. Runs in the browser, last of the modules of a page.
 */

window.addEventListener("hashchange", reveal);
reveal();
document.documentElement.dataset.ready = "true";

/** Opens what hides the place that the address names. */
function reveal() {
  const target = document.getElementById(location.hash.slice(1));
  for (let part = target?.closest("details"); part; part = part.parentElement?.closest("details")) part.open = true;
  target?.scrollIntoView();
}
