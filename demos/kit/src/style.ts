// The styles shared by the pages of the demo apps: one inline sheet, allowed by its hash.
import { renderFontFaces, renderSchemes } from '@crosswalk/design'

export const BASE_STYLE = `
${renderFontFaces()}
${renderSchemes()}
* { box-sizing: border-box; }
html { font: 100%/1.5 var(--font-text); font-variant-numeric: tabular-nums; }
body { margin: 0; min-height: 100vh; min-height: 100dvh; background: var(--surface-2); color: var(--text);
  display: flex; flex-direction: column; overflow-wrap: anywhere; }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; padding: .75rem clamp(1rem, 4vw, 2rem);
  background: var(--surface); border-bottom: 1px solid var(--line); }
.bar .brand { display: flex; align-items: center; gap: .625rem; margin: 0 auto 0 0; font-weight: 700; font-size: var(--size-5);
  color: inherit; text-decoration: none; }
.bar svg { flex: none; width: 1.875rem; height: 1.875rem; color: var(--accent); }
.bar .who { color: var(--text-2); font-size: var(--size-4); }
.bar form { margin: 0; }
@media (max-width: 26rem) { .bar { gap: .5rem; } .bar .who { font-size: var(--size-3); } }
main { flex: 1; width: 100%; margin: 0 auto; padding: clamp(1rem, 4vw, 2rem); }
h1 { margin: 0 0 .5rem; font-size: var(--size-6); line-height: 1.25; letter-spacing: -.01em; text-wrap: balance; }
h2 { margin: 0 0 .75rem; font-size: var(--size-5); line-height: 1.3; }
p { margin: 0 0 1rem; }
.quiet { color: var(--text-2); }
.card { padding: clamp(1rem, 3vw, 1.5rem); background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius-3);
  box-shadow: var(--shadow); }
.narrow { max-width: 28rem; margin: clamp(1rem, 8vh, 5rem) auto 0; }
.card > :last-child { margin-bottom: 0; }
label { display: block; margin: 0 0 .375rem; font-weight: 600; font-size: var(--size-4); }
input[type=text] { flex: 1 1 10rem; min-width: 0; width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: inherit;
  background: var(--surface); border: 1px solid var(--line-strong); border-radius: var(--radius-2); }
::placeholder { color: var(--text-2); opacity: 1; }
button, .button { display: inline-block; min-height: 2.75rem; padding: .5625rem 1.125rem; font: inherit; font-weight: 600; line-height: 1.5;
  text-align: center; text-decoration: none; color: var(--accent-text); background: var(--accent);
  border: 1px solid transparent; border-radius: var(--radius-2); cursor: pointer; }
button:hover, .button:hover { background: var(--accent-hover); }
.second { color: var(--text); background: transparent; border-color: var(--line-strong); }
.second:hover { color: var(--text); background: var(--surface-2); }
.small { min-height: 2.25rem; padding: .3125rem .75rem; font-size: var(--size-4); }
.entry { display: flex; flex-wrap: wrap; gap: .625rem; }
.alert { margin: .75rem 0 1.25rem; padding: .75rem .875rem; border: 1px solid var(--deny-line); border-radius: var(--radius-2);
  background: var(--deny-bg); color: var(--deny); }
.hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
a { color: var(--accent); }
code, pre { font-family: var(--font-code); font-size: .875em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
@media (forced-colors: active) { .card, input, button, .button { border: 1px solid; }
  .button[aria-current] { border-width: 3px; } }
`
