// The styles of the playground: one inline sheet with both themes. Data.
import { renderFontFaces, renderSchemes } from '@crosswalk/design'

export const STYLE = `
${renderFontFaces()}
${renderSchemes()}
* { box-sizing: border-box; }
body { margin: 0; background: var(--surface-2); color: var(--text); font: 1rem/1.5 var(--font-text);
  overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem; }
h1 { font-size: var(--size-6); line-height: 1.25; letter-spacing: -.01em; margin: .5rem 0; } h2 { font-size: 1.125rem; margin: 0 0 .25rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; } p { margin: 0 0 .75rem; }
a { color: var(--accent); } .quiet { color: var(--text-2); }
section, .group { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius-3); padding: 1rem; margin: 0 0 1rem; }
button { font: inherit; font-weight: 600; min-height: 2.5rem; padding: .25rem 1rem; border-radius: var(--radius-2); cursor: pointer;
  color: var(--accent-text); background: var(--accent); border: 1px solid transparent; }
button.second { color: var(--text); background: transparent; border-color: var(--line-strong); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
ul, ol { list-style: none; margin: 0; padding: 0; } li { padding: .5rem 0; border-top: 1px solid var(--line); }
li:first-child { border-top: 0; }
.row { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; }
.row > div { flex: 1 1 16rem; min-width: 0; }
.chip { font-size: var(--size-3); padding: 0 .5rem; border-radius: 1rem; border: 1px solid currentColor; }
.good { color: var(--allow); background: var(--allow-bg); } .bad { color: var(--deny); background: var(--deny-bg); }
.warn { color: var(--warn); background: var(--warn-bg); }
.verdict { margin: 0 0 .75rem; padding: .75rem 1rem; border-radius: var(--radius-2); border: 1px solid currentColor; }
.verdict p:last-child { margin: 0; }
dl { display: grid; grid-template-columns: minmax(6rem, 11rem) 1fr; gap: .125rem .75rem; margin: 0 0 .5rem; font-size: var(--size-4); }
dt { color: var(--text-2); } dd { margin: 0; min-width: 0; }
code, pre { font: .875rem/1.5 var(--font-code); }
.group > summary { display: flex; align-items: baseline; gap: .75rem; padding: 0; } .group > summary::before { content: "▸"; } .group[open] > summary::before { content: "▾"; }
.group > ul { margin-top: .5rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: var(--size-4); width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-top: 1px solid var(--line); min-width: 7rem; }
summary { cursor: pointer; font-weight: 600; padding: .375rem 0; }
pre { margin: .25rem 0 .75rem; padding: .75rem; border: 1px solid var(--line); border-radius: var(--radius-2); white-space: pre-wrap; }
caption { text-align: left; font-weight: 600; padding: .75rem 0 .25rem; } th { font-weight: 600; }
footer { max-width: 72rem; margin: 0 auto; padding: 0 1rem 1rem; font-size: var(--size-3); }
kbd { font: inherit; border: 1px solid var(--line); border-radius: .25rem; padding: 0 .25rem; }
.status { max-width: 72rem; margin: 0 auto; padding: .5rem 1rem 0; min-height: 2rem; }
.button { display: inline-block; font-weight: 600; padding: .5rem 1rem; border-radius: var(--radius-2); text-decoration: none;
  color: var(--accent-text); background: var(--accent); }
.button.second { color: var(--text); background: transparent; border: 1px solid var(--line-strong); }
.acts { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: 0 0 1rem; } .acts form { margin: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 0 1rem; align-items: start; }
.split { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; align-items: start; }
.steps li { padding: 0; border: 0; }
.steps a, .steps span.step { display: block; padding: .375rem .5rem; border-radius: var(--radius-1); border: 1px solid transparent; text-decoration: none; }
.steps [aria-current] { border-color: var(--accent); background: var(--surface-2); font-weight: 600; }
.tabs { display: flex; flex-wrap: wrap; gap: .25rem; margin: .75rem 0; }
.tabs a { padding: .375rem .625rem; border: 1px solid var(--line); border-radius: var(--radius-1); text-decoration: none; }
.tabs a[aria-current] { color: var(--accent-text); background: var(--accent); border-color: transparent; }
label, legend { font-weight: 600; } fieldset { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius-2); padding: .75rem; margin: 0 0 1rem; min-width: 0; }
.field { margin: 0 0 .75rem; } .field .quiet { display: block; font-size: var(--size-3); }
select { font: inherit; min-height: 2.5rem; padding: .375rem .5rem; color: var(--text); background: var(--surface);
  border: 1px solid var(--line-strong); border-radius: var(--radius-1); max-width: 100%; }
.guess { font-weight: 400; }
input:not([type=radio], [type=checkbox]), textarea { font: inherit; width: 100%; min-height: 2.5rem; padding: .375rem .625rem; color: var(--text);
  background: var(--surface); border: 1px solid var(--line-strong); border-radius: var(--radius-1); }
[aria-invalid] { border-color: var(--deny); } .field .bad { background: transparent; }
.secret { -webkit-text-security: disc; }
::placeholder { color: var(--text-2); opacity: 1; }
textarea { min-height: 5rem; font: .875rem/1.5 var(--font-code); }
.choice { display: flex; gap: .5rem; align-items: baseline; padding: .125rem 0; font-weight: 400; }
.choice + .field { margin-top: .75rem; }
@media (min-width: 52rem) { .split { grid-template-columns: 15rem minmax(0, 1fr); } }
@media (max-width: 52rem) { .steps { display: flex; flex-wrap: wrap; } .steps .quiet { position: absolute; clip-path: inset(50%);
  width: 1px; height: 1px; overflow: hidden; white-space: nowrap; } }
@media (max-width: 36rem) { table, tbody, tr, td, tbody th, caption { display: block; } thead { display: none; }
  tbody tr { border-top: 1px solid var(--line); padding: .375rem 0; } td, tbody th { border: 0; padding: 0; }
  td::before { content: attr(data-head) ": "; color: var(--text-2); } }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .375rem; } }
`
