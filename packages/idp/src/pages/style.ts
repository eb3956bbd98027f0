// The look of every page of the IdP: one sheet, inline, allowed by its hash alone.
import { createHash } from 'node:crypto'

export const STYLE = `
:root { color-scheme: light dark;
  --ground: #eef1f6; --card: #fff; --text: #172033; --quiet: #56627a; --line: #c3cad8; --field: #fff;
  --accent: #2447d6; --accent-text: #fff; --accent-strong: #1b37ad; --ring: #2447d6;
  --bad: #a3152a; --bad-ground: #fdecee; --bad-line: #efb6be;
  --good: #0b5d33; --good-ground: #e7f6ed; --good-line: #a9d8bd; --shadow: 0 1px 2px #1720331a, 0 12px 32px #17203314; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #0e121b; --card: #181e2b; --text: #eaeef7; --quiet: #a3aec4; --line: #45506a; --field: #10151f;
  --accent: #8ea6ff; --accent-text: #0c1330; --accent-strong: #b0c1ff; --ring: #b0c1ff;
  --bad: #ffb3bd; --bad-ground: #35161d; --bad-line: #6e2b38;
  --good: #8fe0b4; --good-ground: #0f2b1d; --good-line: #2b6446; --shadow: 0 1px 2px #0006, 0 12px 32px #0006; } }
@media (prefers-contrast: more) { :root {
  --ground: #fff; --text: #000; --quiet: #24292f; --line: #000; --accent: #0a2a9c; --accent-strong: #061c6b; --ring: #000;
  --bad: #7d0016; --bad-ground: #fff; --bad-line: #7d0016; --good: #00401f; --good-ground: #fff; --good-line: #00401f; }
  main { border: 1px solid var(--line); } }
@media (prefers-contrast: more) and (prefers-color-scheme: dark) { :root {
  --ground: #000; --card: #000; --text: #fff; --quiet: #e2e6ee; --line: #fff; --field: #000; --accent: #c6d2ff;
  --accent-text: #000; --accent-strong: #fff; --ring: #fff; --bad: #ffc9cf; --bad-ground: #000; --bad-line: #ffc9cf;
  --good: #b6f2d0; --good-ground: #000; --good-line: #b6f2d0; } }
* { box-sizing: border-box; }
html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; place-items: center; padding: 1rem;
  background: var(--ground); color: var(--text); }
main { width: 100%; max-width: 26rem; padding: 2rem; background: var(--card); border-radius: 1rem;
  box-shadow: var(--shadow); overflow-wrap: anywhere; }
@media (max-width: 26rem) { main { padding: 1.5rem 1.25rem; } }
.brand { display: flex; align-items: center; gap: .625rem; margin: 0 0 1.5rem; font-weight: 600; color: var(--quiet); }
.brand svg { flex: none; width: 2rem; height: 2rem; color: var(--accent); }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em; text-wrap: balance; }
p { margin: 0 0 1rem; }
.lead { color: var(--quiet); margin-bottom: 1.5rem; }
.lead strong { color: var(--text); font-weight: 600; }
.alert { margin: 0 0 1.25rem; padding: .75rem .875rem; border: 1px solid var(--bad-line); border-radius: .5rem;
  background: var(--bad-ground); color: var(--bad); }
label { display: block; margin: 0 0 .375rem; font-weight: 600; font-size: .9375rem; }
input { width: 100%; min-height: 2.75rem; margin: 0 0 1.125rem; padding: .5rem .75rem; font: inherit;
  color: inherit; background: var(--field); border: 1px solid var(--line); border-radius: .5rem; }
input[aria-invalid=true] { border-color: var(--bad); }
.actions { display: grid; gap: .75rem; margin-top: .375rem; }
button, .button { display: block; width: 100%; min-height: 2.75rem; padding: .5rem 1rem; font: inherit; font-weight: 600;
  text-align: center; text-decoration: none; color: var(--accent-text); background: var(--accent);
  border: 1px solid transparent; border-radius: .5rem; cursor: pointer; }
button:hover, .button:hover { background: var(--accent-strong); }
.second { color: var(--text); background: transparent; border-color: var(--line); }
.second:hover { color: var(--text); background: var(--ground); }
main > :last-child { margin-bottom: 0; }
:focus-visible { outline: 3px solid var(--ring); outline-offset: 2px; }
input.code { font-variant-numeric: tabular-nums; font-size: 1.25rem; letter-spacing: .15em; }
.note { font-size: .875rem; color: var(--quiet); }
.note a { color: var(--accent); }
form + .note, .note:last-child { margin-top: 1.25rem; }
::placeholder { color: var(--quiet); opacity: 1; }
[hidden] { display: none !important; }
h2 { margin: 0 0 .75rem; font-size: 1.0625rem; line-height: 1.3; }
.quiet { color: var(--accent); background: transparent; font-weight: 400; }
.quiet:hover { color: var(--accent-strong); background: var(--ground); }
.or { display: flex; align-items: center; gap: .75rem; margin: 1.25rem 0; color: var(--quiet); font-size: .875rem; }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.factors { margin: 0 0 1.25rem; padding: 0; list-style: none; border: 1px solid var(--line); border-radius: .5rem; }
.factors li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem .75rem;
  padding: .75rem .875rem; }
.factors li + li { border-top: 1px solid var(--line); }
.factors li > div { flex: 1 1 10rem; min-width: 0; }
.factors .note { display: block; }
.factors button { width: auto; }
.more { margin-top: 1.25rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
.qr { width: 12.5rem; max-width: 100%; margin: 0 auto 1rem; border-radius: .5rem; overflow: hidden; background: #fff; }
.qr svg { display: block; width: 100%; height: auto; }
.key { margin-bottom: 1.5rem; padding: .625rem .75rem; border: 1px solid var(--line); border-radius: .5rem; text-align: center;
  text-wrap: balance; }
.detail { margin: 1.5rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .875rem; color: var(--quiet); }
.detail div { display: grid; grid-template-columns: 5.5rem 1fr; gap: 0 .5rem; margin-top: .25rem; }
@media (max-width: 26rem) { .detail div { grid-template-columns: 1fr; margin-top: .5rem; } .detail dt { font-weight: 600; } }
.detail dt, .detail dd { margin: 0; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .9em; }
.more > .note:last-child { margin: 0; }
.wide { max-width: 44rem; align-self: start; }
.tabs { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 1.75rem; border-bottom: 1px solid var(--line); }
.tabs a { padding: .5rem 0; color: var(--quiet); text-decoration: none; border-bottom: 3px solid transparent; margin-bottom: -1px; }
.tabs a:hover { color: var(--text); text-decoration: underline; }
.tabs a[aria-current] { color: var(--text); font-weight: 600; border-bottom-color: var(--accent); }
.tabs .end { margin-left: auto; }
.done { margin: 0 0 1.25rem; padding: .75rem .875rem; border: 1px solid var(--good-line); border-radius: .5rem;
  background: var(--good-ground); color: var(--good); }
.done a { color: inherit; }
.cards { margin: 0 0 1.5rem; padding: 0; list-style: none; display: grid; gap: .875rem; }
.cards > li { padding: 1rem 1.125rem; border: 1px solid var(--line); border-radius: .625rem; }
.cards h3 { margin: 0; font-size: 1.0625rem; line-height: 1.35; }
.cards button { width: auto; min-height: 2.5rem; margin-top: .875rem; }
.head { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: .25rem .75rem; }
.chip { padding: .0625rem .5rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .8125rem; color: var(--quiet); }
.chip.open { color: var(--accent); border-color: currentColor; }
.chip.approved { color: var(--good); border-color: var(--good-line); background: var(--good-ground); }
.chip.declined { color: var(--bad); border-color: var(--bad-line); background: var(--bad-ground); }
.facts { margin: .625rem 0 0; font-size: .9375rem; }
.facts div { display: grid; grid-template-columns: 9rem 1fr; gap: 0 .75rem; margin-top: .25rem; }
.facts dt { color: var(--quiet); } .facts dd { margin: 0; min-width: 0; }
@media (max-width: 30rem) { .facts div { grid-template-columns: 1fr; margin-top: .5rem; } }
.scopes > span { display: inline-block; padding: 0 .375rem; border: 1px solid var(--line); border-radius: .375rem; }
code.name { color: var(--quiet); font-size: .8125em; }
.empty { padding: 1.25rem; border: 1px dashed var(--line); border-radius: .625rem; color: var(--quiet); }
.empty strong { display: block; color: var(--text); }
.acts { margin: 0; padding: 0; list-style: none; font-size: .9375rem; }
.acts li { display: grid; grid-template-columns: 11.5rem 1fr; gap: 0 .75rem; padding: .5rem 0; border-top: 1px solid var(--line); }
.acts time { color: var(--quiet); }
@media (max-width: 30rem) { .acts li { grid-template-columns: 1fr; } }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
fieldset { margin: 0 0 1.125rem; padding: 0; border: 0; }
legend { padding: 0; margin: 0 0 .375rem; font-weight: 600; font-size: .9375rem; }
.choice { display: flex; align-items: center; gap: .625rem; min-height: 2.25rem; margin: 0; font-weight: 400; }
input[type=checkbox] { width: 1.25rem; min-height: 1.25rem; height: 1.25rem; margin: 0; flex: none; accent-color: var(--accent); }
textarea { width: 100%; margin: 0 0 .5rem; padding: .5rem .75rem; font: inherit; color: inherit; background: var(--field);
  border: 1px solid var(--line); border-radius: .5rem; resize: vertical; }
@media (forced-colors: active) { main, input, button, .button { border: 1px solid; } }
`

/** A source expression for `style-src` (CSP3 section 2.3.1). */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`
