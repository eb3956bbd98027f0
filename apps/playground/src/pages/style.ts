// The look of the playground: one sheet, inline, both themes. Data.
export const STYLE = `
:root { color-scheme: light dark; --ground: #eef1f6; --card: #fff; --text: #172033; --quiet: #56627a; --line: #c3cad8;
  --accent: #2447d6; --accent-text: #fff; --bad: #a3152a; --bad-ground: #fdecee; --good: #0b5d33; --good-ground: #e7f6ed;
  --warn: #6d4a00; --warn-ground: #fdf3da; }
@media (prefers-color-scheme: dark) { :root { --ground: #0e121b; --card: #181e2b; --text: #eaeef7; --quiet: #a3aec4;
  --line: #45506a; --accent: #8ea6ff; --accent-text: #0c1330; --bad: #ffb3bd; --bad-ground: #35161d; --good: #8fe0b4;
  --good-ground: #0f2b1d; --warn: #f0cf83; --warn-ground: #33280c; } }
@media (prefers-contrast: more) { :root { --ground: #fff; --text: #000; --quiet: #24292f; --line: #000; --accent: #0a2a9c;
  --bad: #7d0016; --bad-ground: #fff; --good: #00401f; --good-ground: #fff; --warn: #4a3200; --warn-ground: #fff; } }
@media (prefers-contrast: more) and (prefers-color-scheme: dark) { :root { --ground: #000; --card: #000; --text: #fff;
  --quiet: #e2e6ee; --line: #fff; --accent: #c6d2ff; --accent-text: #000; --bad: #ffc9cf; --bad-ground: #000; --good: #b6f2d0;
  --good-ground: #000; --warn: #ffe3a3; --warn-ground: #000; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, sans-serif;
  overflow-wrap: anywhere; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; } h2 { font-size: 1.125rem; margin: 0 0 .25rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; } p { margin: 0 0 .75rem; }
a { color: var(--accent); } .quiet { color: var(--quiet); }
section { background: var(--card); border: 1px solid var(--line); border-radius: .625rem; padding: 1rem; margin: 0 0 1rem; }
button { font: inherit; font-weight: 600; min-height: 2.5rem; padding: .25rem 1rem; border-radius: .5rem; cursor: pointer;
  color: var(--accent-text); background: var(--accent); border: 1px solid transparent; }
button.second { color: var(--text); background: transparent; border-color: var(--line); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
ul, ol { list-style: none; margin: 0; padding: 0; } li { padding: .5rem 0; border-top: 1px solid var(--line); }
li:first-child { border-top: 0; }
.row { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; }
.row > div { flex: 1 1 16rem; min-width: 0; }
.chip { font-size: .875rem; padding: 0 .5rem; border-radius: 1rem; border: 1px solid currentColor; }
.good { color: var(--good); background: var(--good-ground); } .bad { color: var(--bad); background: var(--bad-ground); }
.warn { color: var(--warn); background: var(--warn-ground); }
.verdict { margin: 0 0 .75rem; padding: .75rem 1rem; border-radius: .5rem; border: 1px solid currentColor; }
.verdict p:last-child { margin: 0; }
dl { display: grid; grid-template-columns: minmax(6rem, 11rem) 1fr; gap: .125rem .75rem; margin: 0 0 .5rem; font-size: .9375rem; }
dt { color: var(--quiet); } dd { margin: 0; min-width: 0; }
code, pre { font: .875rem/1.5 ui-monospace, Menlo, Consolas, monospace; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .9375rem; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-top: 1px solid var(--line); min-width: 7rem; }
summary { cursor: pointer; font-weight: 600; padding: .375rem 0; }
pre { margin: .25rem 0 .75rem; padding: .75rem; border: 1px solid var(--line); border-radius: .5rem; white-space: pre-wrap; }
caption { text-align: left; font-weight: 600; padding: .75rem 0 .25rem; } th { font-weight: 600; }
footer { max-width: 72rem; margin: 0 auto; padding: 0 1rem 1rem; font-size: .875rem; }
kbd { font: inherit; border: 1px solid var(--line); border-radius: .25rem; padding: 0 .25rem; }
.status { max-width: 72rem; margin: 0 auto; padding: .5rem 1rem 0; min-height: 2rem; }
.button { display: inline-block; font-weight: 600; padding: .5rem 1rem; border-radius: .5rem; text-decoration: none;
  color: var(--accent-text); background: var(--accent); }
.button.second { color: var(--text); background: transparent; border: 1px solid var(--line); }
.acts { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: 0 0 1rem; } .acts form { margin: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 0 1rem; align-items: start; }
.split { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; align-items: start; }
.steps li { padding: 0; border: 0; }
.steps a, .steps span.step { display: block; padding: .375rem .5rem; border-radius: .375rem; border: 1px solid transparent; text-decoration: none; }
.steps [aria-current] { border-color: var(--accent); background: var(--ground); font-weight: 600; }
.tabs { display: flex; flex-wrap: wrap; gap: .25rem; margin: .75rem 0; }
.tabs a { padding: .375rem .625rem; border: 1px solid var(--line); border-radius: .375rem; text-decoration: none; }
.tabs a[aria-current] { color: var(--accent-text); background: var(--accent); border-color: transparent; }
label, legend { font-weight: 600; } fieldset { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem; margin: 0 0 1rem; min-width: 0; }
.field { margin: 0 0 .75rem; } .field .quiet { display: block; font-size: .875rem; }
select { font: inherit; min-height: 2.5rem; padding: .375rem .5rem; color: var(--text); background: var(--card);
  border: 1px solid var(--quiet); border-radius: .375rem; max-width: 100%; }
.guess { font-weight: 400; }
input:not([type=radio], [type=checkbox]), textarea { font: inherit; width: 100%; min-height: 2.5rem; padding: .375rem .625rem; color: var(--text);
  background: var(--card); border: 1px solid var(--quiet); border-radius: .375rem; }
[aria-invalid] { border-color: var(--bad); } .field .bad { background: transparent; }
.secret { -webkit-text-security: disc; }
::placeholder { color: var(--quiet); opacity: 1; }
textarea { min-height: 5rem; font: .875rem/1.5 ui-monospace, Menlo, Consolas, monospace; }
.choice { display: flex; gap: .5rem; align-items: baseline; padding: .125rem 0; font-weight: 400; }
.choice + .field { margin-top: .75rem; }
@media (min-width: 52rem) { .split { grid-template-columns: 15rem minmax(0, 1fr); } }
@media (max-width: 52rem) { .steps { display: flex; flex-wrap: wrap; } .steps .quiet { position: absolute; clip-path: inset(50%);
  width: 1px; height: 1px; overflow: hidden; white-space: nowrap; } }
@media (max-width: 36rem) { table, tbody, tr, td, tbody th, caption { display: block; } thead { display: none; }
  tbody tr { border-top: 1px solid var(--line); padding: .375rem 0; } td, tbody th { border: 0; padding: 0; }
  td::before { content: attr(data-head) ": "; color: var(--quiet); } }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .375rem; } }
`
