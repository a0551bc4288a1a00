/**
 * The style of the page: one column on a phone, light and dark, print.
 */

const LIGHT = `
  --page: #f4f5f7; --surface: #fff; --text: #1b1f27; --faint: #545c6a; --line: #d5dae1; --link: #0b57b0; --code: #eef1f5;
  --good: #0f6337; --good-back: #dff3e7; --bad: #a11b16; --bad-back: #fde7e5; --open: #744800; --open-back: #fdf0d3;
  --noted: #5a369f; --noted-back: #eee8fb; --quiet: #48505d; --quiet-back: #e8ebf0;`;

const DARK = `
  --page: #12151a; --surface: #1a1e25; --text: #e6e9ee; --faint: #a7b0be; --line: #343b47; --link: #8fbcff; --code: #12161c;
  --good: #7edca6; --good-back: #14301f; --bad: #ff9d95; --bad-back: #3b1a19; --open: #f3c664; --open-back: #34290d;
  --noted: #cab6ff; --noted-back: #2d2447; --quiet: #bac2ce; --quiet-back: #2a303a;`;

/** The style sheet. */
export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
@media print { :root { color-scheme: light; ${LIGHT} } nav, form, button, .skip { display: none !important; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
.top, nav, main, footer { max-width: 74rem; margin: 0 auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
h1 { margin: 0 0 .75rem; font-size: 1.75rem; }
h2 { margin: 0 0 .5rem; font-size: 1.25rem; }
h3 { margin: 1rem 0 .25rem; font-size: .9375rem; }
p { margin: .5rem 0; }
a { color: var(--link); text-underline-offset: .15em; }
code, pre { font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .875em; }
pre { margin: 0; padding: .625rem .75rem; overflow-x: auto; overflow-wrap: normal; background: var(--code); border: 1px solid var(--line);
  border-radius: .375rem; font-size: .8125rem; line-height: 1.45; tab-size: 4; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: .25rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100vw; padding: .5rem 1rem; background: var(--surface); }
.skip:focus { left: 1rem; top: .5rem; z-index: 1; }
.note, .small, .level, .scope, .kind { color: var(--faint); font-size: .875rem; }
.note { max-width: 46rem; }

.top { padding-top: 1.5rem; }
.kind { margin: 0; }
.version { color: var(--faint); font-weight: 400; }
.verdict { padding: .875rem 1rem; border-radius: .5rem; box-shadow: inset .375rem 0 currentColor; padding-left: 1.375rem; }
.verdict .word { display: flex; gap: .75rem; align-items: center; margin: 0; font-size: 1.25rem; }
.verdict svg { flex: none; } .verdict circle { fill: currentColor; }
.verdict path { fill: none; stroke: var(--surface); stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round; }
.verdict .scope, .verdict ul { color: var(--text); font-size: .9375rem; margin: .375rem 0 0; }
.verdict ul { padding-left: 1.25rem; } .verdict + .verdict { margin-top: .75rem; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0; }
.counts div { flex: 1 0 auto; display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: .5rem .75rem; background: var(--surface);
  border: 1px solid var(--line); border-radius: .5rem; }
.counts dt { color: var(--faint); font-size: .8125rem; line-height: 1.3; }
.counts dd { margin: 0; font-size: 1.25rem; font-weight: 650; font-variant-numeric: tabular-nums; }
.counts .none { background: none; } .counts .none dd { color: var(--faint); font-weight: 400; }
.counts .good dd { color: var(--good); } .counts .bad dd { color: var(--bad); } .counts .open dd { color: var(--open); }
.counts .noted dd { color: var(--noted); } .counts .quiet dd { color: var(--quiet); }

nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: .25rem 0; list-style: none; }
nav a { display: inline-block; padding: .375rem 0; }
section { margin: 1rem 0; padding: 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: .5rem; }
.good, .word-good { color: var(--good); } .bad, .word-bad { color: var(--bad); } .open, .word-open { color: var(--open); }
.noted, .word-noted { color: var(--noted); } .quiet, .word-quiet { color: var(--quiet); }
.chip, .verdict.good, .verdict.bad, .verdict.open { background: var(--quiet-back); }
.chip.good, .verdict.good { background: var(--good-back); } .chip.bad, .verdict.bad { background: var(--bad-back); }
.chip.open, .verdict.open { background: var(--open-back); } .chip.noted { background: var(--noted-back); }
.chip { display: inline-block; padding: .0625rem .5rem; border-radius: 1rem; font-size: .8125rem; font-weight: 600; white-space: nowrap; }
.bar { display: block; width: 100%; height: .375rem; margin: .3125rem 0; border-radius: .1875rem; background: var(--quiet-back); }
.bar .good { fill: var(--good); } .bar .bad { fill: var(--bad); } .bar .open { fill: var(--open); }
.bar .noted { fill: var(--noted); } .bar .quiet { fill: var(--quiet); }

table { width: 100%; border-collapse: collapse; margin: .5rem 0; }
caption { text-align: left; color: var(--faint); font-size: .875rem; padding-bottom: .25rem; }
th, td { padding: .5rem .75rem .5rem 0; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--faint); font-size: .8125rem; font-weight: 600; }
th[scope=row] { font-weight: 600; white-space: nowrap; }
.level { display: block; font-size: .8125rem; }
.requirements .result { width: 15rem; padding-right: 0; } .families .result { padding-right: 0; }
.families th:first-child { width: 14rem; white-space: normal; } .result .show { margin-left: .25rem; }
.scroll { overflow-x: auto; }
.matrix th, .matrix td { padding-right: 1rem; }
.matrix th:first-child { position: sticky; left: 0; background: var(--surface); }
.matrix thead th { vertical-align: bottom; } .matrix thead th:not(:first-child) { min-width: 7rem; max-width: 14rem; }
.matrix td.text { min-width: 22rem; }
.ids { margin: 0; padding-left: 1.25rem; } .ids code { font-weight: 600; }
summary { cursor: pointer; padding: .375rem 0; }
#requirements > details > summary { font-weight: 600; }
tr:target, p:target { background: var(--open-back); }

button, input, select { font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--faint); border-radius: .375rem;
  padding: .375rem .625rem; min-height: 2.5rem; max-width: 100%; }
button { cursor: pointer; } button:hover { border-color: var(--link); }
.show { min-height: 2rem; padding: .125rem .625rem; font-size: .875rem; }
form { display: grid; grid-template-columns: repeat(auto-fit, minmax(12.5rem, 1fr)); gap: .625rem; align-items: end; margin: .5rem 0; }
form[hidden] { display: none; }
form input, form select { width: 100%; } form label { display: block; color: var(--faint); font-size: .8125rem; }
.wide { grid-column: 1 / -1; }
#count { margin: .75rem 0 .5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.cases { margin: 0; padding: 0; list-style: none; }
.cases > li { content-visibility: auto; contain-intrinsic-block-size: auto 3.5rem; border-top: 1px solid var(--line); padding: .375rem 0; }
.cases > li > details > summary { display: grid; grid-template-columns: .75rem 8.5rem minmax(0, 1fr) auto; gap: .125rem .75rem; align-items: baseline; }
.cases > li > details > summary::before { content: "\\25b8"; content: "\\25b8" / ""; color: var(--faint); }
.cases > li > details[open] > summary::before { content: "\\25be"; content: "\\25be" / ""; }
.cases .plain { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: .75rem; align-items: baseline; padding: .5rem 0 .5rem 1.5rem; }
.cases .chip { justify-self: start; }
.cases > li > details > summary::-webkit-details-marker { display: none; }
.cases .id { font-size: .875rem; font-weight: 600; }
.cases .broken { color: var(--bad); font-size: .875rem; font-weight: 600; } .cases .about { font-size: .875rem; color: var(--faint); }
.cases .detail { grid-column: 3 / -1; color: var(--faint); font-size: .875rem; display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical;
  overflow: hidden; }
.cases > li > details > summary:hover .id { text-decoration: underline; }
.cases > li > details[open] > summary .detail { display: none; }
.body { padding: .25rem 0 1rem 1.5rem; }
.rule { padding: .5rem .75rem; border-left: .25rem solid var(--faint); background: var(--quiet-back); border-radius: .25rem; }
.rule.isBroken { border-color: var(--bad); background: var(--bad-back); }
.shown { font-size: .9375rem; }
.sides { display: grid; gap: 0 1rem; } .pane { min-width: 0; }
.marks { color: var(--bad); font-weight: 700; }
.command { display: flex; gap: .5rem; align-items: start; } .command pre { flex: 1; min-width: 0; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: .5rem 1.5rem; margin: 0; }
.facts dt { color: var(--faint); font-size: .8125rem; } .facts dd { margin: 0; }
.requirement { padding-left: .75rem; border-left: .25rem solid var(--line); }
#chapters summary { font-weight: 600; } #chapters details > div { max-width: 52rem; }
footer { padding-bottom: 2rem; }

@media (min-width: 60rem) { .sides { grid-template-columns: 1fr 1fr; } }
@media (max-width: 40rem) {
  .counts { display: grid; grid-template-columns: 1fr 1fr; gap: .25rem; }
  .counts div { flex-direction: row-reverse; gap: .5rem; align-items: baseline; padding: .1875rem .5rem; } .counts dd { font-size: 1.0625rem; }
  section { margin: .75rem -.5rem; padding: .875rem .75rem; }
  .requirements, .families, .requirements tbody, .families tbody { display: block; }
  .requirements thead, .families thead { position: absolute; clip-path: inset(50%); }
  .requirements caption, .families caption { display: block; }
  .requirements tr { display: grid; grid-template-columns: 1fr auto; border-top: 1px solid var(--line); padding: .5rem 0; }
  .requirements td { grid-column: 1 / -1; } .requirements .result { width: auto; }
  .families tr { display: block; border-top: 1px solid var(--line); padding: .5rem 0; } .families th { width: auto; display: block; }
  .requirements th, .requirements td, .families th, .families td { border: 0; padding: .125rem 0; }
  .families td { display: block; }
  .cases > li > details > summary { grid-template-columns: .75rem auto 1fr; } .cases .plain { grid-template-columns: 1fr; padding-left: 1.5rem; }
  .cases .id { grid-column: 2 / -1; } .cases .broken, .cases .about { grid-row: 1; grid-column: 3; } .cases .detail { grid-column: 2 / -1; }
  .cases .plain .id { grid-column: 1; } .body { padding-left: 0; }
  form { grid-template-columns: 1fr; }
  .matrix .text { display: none; }
  #chapters table { font-size: .875rem; }
  .command { flex-direction: column; align-items: stretch; } .command button { align-self: start; }
}
`;
