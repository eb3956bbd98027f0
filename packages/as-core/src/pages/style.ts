// The style of every page of a server: one inline sheet, allowed by its hash.
import { createHash } from 'node:crypto'

import { renderFontFaces, renderSchemes } from '@crosswalk/design'

export const STYLE = `
${renderFontFaces()}
${renderSchemes()}
@media (prefers-contrast: more) { main { border: 1px solid var(--line); } }
* { box-sizing: border-box; }
html { font: 100%/1.5 var(--font-text); font-variant-numeric: tabular-nums; }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; place-items: center; padding: 1rem;
  background: var(--surface-2); color: var(--text); }
main { width: 100%; max-width: 26rem; padding: 2rem; background: var(--surface); border-radius: 1rem;
  box-shadow: var(--shadow); overflow-wrap: anywhere; }
@media (max-width: 26rem) { main { padding: 1.5rem 1.25rem; } }
.brand { display: flex; align-items: center; gap: .625rem; margin: 0 0 1.5rem; font-weight: 600; color: var(--text-2); }
.brand svg { flex: none; width: 2rem; height: 2rem; color: var(--accent); }
h1 { margin: 0 0 .5rem; font-size: var(--size-6); line-height: 1.25; letter-spacing: -.01em; text-wrap: balance; }
p { margin: 0 0 1rem; }
.lead { color: var(--text-2); margin-bottom: 1.5rem; }
.lead strong { color: var(--text); font-weight: 600; }
.alert { margin: 0 0 1.25rem; padding: .75rem .875rem; border: 1px solid var(--deny-line); border-radius: var(--radius-2);
  background: var(--deny-bg); color: var(--deny); }
label { display: block; margin: 0 0 .375rem; font-weight: 600; font-size: var(--size-4); }
input { width: 100%; min-height: 2.75rem; margin: 0 0 1.125rem; padding: .5rem .75rem; font: inherit;
  color: inherit; background: var(--surface); border: 1px solid var(--line-strong); border-radius: var(--radius-2); }
input[aria-invalid=true] { border-color: var(--deny); }
.actions { display: grid; gap: .75rem; margin-top: .375rem; }
button, .button { display: block; width: 100%; min-height: 2.75rem; padding: .5rem 1rem; font: inherit; font-weight: 600;
  text-align: center; text-decoration: none; color: var(--accent-text); background: var(--accent);
  border: 1px solid transparent; border-radius: var(--radius-2); cursor: pointer; }
button:hover, .button:hover { background: var(--accent-hover); }
.second { color: var(--text); background: transparent; border-color: var(--line-strong); }
.second:hover { color: var(--text); background: var(--surface-2); }
main > :last-child { margin-bottom: 0; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
input.code { font-variant-numeric: tabular-nums; font-size: 1.25rem; letter-spacing: .15em; }
.note { font-size: var(--size-3); color: var(--text-2); }
.note a { color: var(--accent); }
form + .note, .note:last-child { margin-top: 1.25rem; }
::placeholder { color: var(--text-2); opacity: 1; }
[hidden] { display: none !important; }
h2 { margin: 0 0 .75rem; font-size: var(--size-5); line-height: 1.3; }
.quiet { color: var(--accent); background: transparent; font-weight: 400; }
.quiet:hover { color: var(--accent-hover); background: var(--surface-2); }
.or { display: flex; align-items: center; gap: .75rem; margin: 1.25rem 0; color: var(--text-2); font-size: var(--size-3); }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.factors { margin: 0 0 1.25rem; padding: 0; list-style: none; border: 1px solid var(--line); border-radius: var(--radius-2); }
.factors li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem .75rem;
  padding: .75rem .875rem; }
.factors li + li { border-top: 1px solid var(--line); }
.factors li > div { flex: 1 1 10rem; min-width: 0; }
.factors .note { display: block; }
.factors button { width: auto; }
.more { margin-top: 1.25rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
.qr { width: 12.5rem; max-width: 100%; margin: 0 auto 1rem; border-radius: var(--radius-2); overflow: hidden; background: #fff; }
.qr svg { display: block; width: 100%; height: auto; }
.key { margin-bottom: 1.5rem; padding: .625rem .75rem; border: 1px solid var(--line); border-radius: var(--radius-2); text-align: center;
  text-wrap: balance; }
.detail { margin: 1.5rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line); font-size: var(--size-3); color: var(--text-2); }
.detail div { display: grid; grid-template-columns: 5.5rem 1fr; gap: 0 .5rem; margin-top: .25rem; }
@media (max-width: 26rem) { .detail div { grid-template-columns: 1fr; margin-top: .5rem; } .detail dt { font-weight: 600; } }
.detail dt, .detail dd { margin: 0; }
code { font-family: var(--font-code); font-size: .9em; }
.more > .note:last-child { margin: 0; }
.wide { max-width: 44rem; align-self: start; }
.tabs { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 1.75rem; border-bottom: 1px solid var(--line); }
.tabs a { padding: .5rem 0; color: var(--text-2); text-decoration: none; border-bottom: 3px solid transparent; margin-bottom: -1px; }
.tabs a:hover { color: var(--text); text-decoration: underline; }
.tabs a[aria-current] { color: var(--text); font-weight: 600; border-bottom-color: var(--accent); }
.tabs .end { margin-left: auto; }
.done { margin: 0 0 1.25rem; padding: .75rem .875rem; border: 1px solid var(--allow-line); border-radius: var(--radius-2);
  background: var(--allow-bg); color: var(--allow); }
.done a { color: inherit; }
.cards { margin: 0 0 1.5rem; padding: 0; list-style: none; display: grid; gap: .875rem; }
.cards > li { padding: 1rem 1.125rem; border: 1px solid var(--line); border-radius: var(--radius-3); }
.cards h3 { margin: 0; font-size: var(--size-5); line-height: 1.35; }
.cards button, .cards .button { width: auto; min-height: 2.5rem; margin-top: .875rem; }
.cards .button { display: inline-block; } .cards label { margin-top: .625rem; }
.head { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: .25rem .75rem; }
.chip { padding: .0625rem .5rem; border: 1px solid var(--line); border-radius: 1rem; font-size: var(--size-2); color: var(--text-2); }
.chip.open { color: var(--accent); border-color: currentColor; }
.chip.approved { color: var(--allow); border-color: var(--allow-line); background: var(--allow-bg); }
.chip.declined { color: var(--deny); border-color: var(--deny-line); background: var(--deny-bg); }
.facts { margin: .625rem 0 0; font-size: var(--size-4); }
.facts div { display: grid; grid-template-columns: 9rem 1fr; gap: 0 .75rem; margin-top: .25rem; }
.facts dt { color: var(--text-2); } .facts dd { margin: 0; min-width: 0; }
@media (max-width: 30rem) { .facts div { grid-template-columns: 1fr; margin-top: .5rem; } }
.scopes > span { display: inline-block; padding: 0 .375rem; border: 1px solid var(--line); border-radius: var(--radius-1); }
code.name { color: var(--text-2); font-size: .8125em; }
.empty { padding: 1.25rem; border: 1px dashed var(--line); border-radius: var(--radius-3); color: var(--text-2); }
.empty strong { display: block; color: var(--text); }
.acts { margin: 0; padding: 0; list-style: none; font-size: var(--size-4); }
.acts li { display: grid; grid-template-columns: 11.5rem 1fr; gap: 0 .75rem; padding: .5rem 0; border-top: 1px solid var(--line); }
.acts time { color: var(--text-2); } .acts p { margin: .25rem 0 0; color: var(--text-2); }
.acts summary { width: fit-content; margin-top: .25rem; color: var(--text-2); cursor: pointer; }
.acts label { margin-top: .375rem; } .acts button { width: auto; min-height: 2.5rem; }
@media (max-width: 30rem) { .acts li { grid-template-columns: 1fr; } }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
fieldset { margin: 0 0 1.125rem; padding: 0; border: 0; }
legend { padding: 0; margin: 0 0 .375rem; font-weight: 600; font-size: var(--size-4); }
.choice { display: flex; align-items: center; gap: .625rem; min-height: 2.25rem; margin: 0; font-weight: 400; }
input:is([type=checkbox], [type=radio]) { width: 1.25rem; min-height: 1.25rem; height: 1.25rem; margin: 0; flex: none; accent-color: var(--accent); }
textarea { width: 100%; margin: 0 0 .5rem; padding: .5rem .75rem; font: inherit; color: inherit; background: var(--surface);
  border: 1px solid var(--line-strong); border-radius: var(--radius-2); resize: vertical; }
@media (forced-colors: active) { main, input, button, .button { border: 1px solid; } .tabs a:not([aria-current]) { border-bottom-width: 0; } }
`

/** A source expression for `style-src` (CSP3 section 2.3.1). */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`
