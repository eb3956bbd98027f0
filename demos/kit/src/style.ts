// The look shared by the pages of the demo apps: one sheet, inline, allowed by its hash alone. Colours of text and
// ground are chosen for a contrast of at least 4.5 to 1 in both schemes.

export const BASE_STYLE = `
:root { color-scheme: light dark;
  --ground: #f3f5f9; --card: #fff; --text: #172033; --quiet: #55617a; --line: #d5dbe6; --field-line: #8590a6; --field: #fff;
  --accent: #2447d6; --accent-text: #fff; --accent-strong: #1b37ad; --accent-ground: #e9edff;
  --good: #14663a; --good-ground: #e4f5ea; --bad: #a3152a; --bad-ground: #fdecee; --bad-line: #efb6be;
  --shadow: 0 1px 2px #17203314, 0 6px 20px #1720330d; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #0e121b; --card: #181e2b; --text: #eaeef7; --quiet: #a3aec4; --line: #333d52; --field-line: #74809a; --field: #10151f;
  --accent: #8ea6ff; --accent-text: #0c1330; --accent-strong: #b0c1ff; --accent-ground: #222b4d;
  --good: #8fe0b0; --good-ground: #123322; --bad: #ffb3bd; --bad-ground: #35161d; --bad-line: #6e2b38;
  --shadow: 0 1px 2px #0006, 0 6px 20px #0004; } }
* { box-sizing: border-box; }
html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
body { margin: 0; min-height: 100vh; min-height: 100dvh; background: var(--ground); color: var(--text);
  display: flex; flex-direction: column; overflow-wrap: anywhere; }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; padding: .75rem clamp(1rem, 4vw, 2rem);
  background: var(--card); border-bottom: 1px solid var(--line); }
.bar .brand { display: flex; align-items: center; gap: .625rem; margin: 0 auto 0 0; font-weight: 700; font-size: 1.0625rem;
  color: inherit; text-decoration: none; }
.bar svg { flex: none; width: 1.875rem; height: 1.875rem; color: var(--accent); }
.bar .who { color: var(--quiet); font-size: .9375rem; }
.bar form { margin: 0; }
@media (max-width: 26rem) { .bar { gap: .5rem; } .bar .who { font-size: .875rem; } }
main { flex: 1; width: 100%; margin: 0 auto; padding: clamp(1rem, 4vw, 2rem); }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em; text-wrap: balance; }
h2 { margin: 0 0 .75rem; font-size: 1.0625rem; line-height: 1.3; }
p { margin: 0 0 1rem; }
.quiet { color: var(--quiet); }
.card { padding: clamp(1rem, 3vw, 1.5rem); background: var(--card); border: 1px solid var(--line); border-radius: .875rem;
  box-shadow: var(--shadow); }
.narrow { max-width: 28rem; margin: clamp(1rem, 8vh, 5rem) auto 0; }
.card > :last-child { margin-bottom: 0; }
label { display: block; margin: 0 0 .375rem; font-weight: 600; font-size: .9375rem; }
input[type=text] { flex: 1 1 10rem; min-width: 0; width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: inherit;
  background: var(--field); border: 1px solid var(--field-line); border-radius: .5rem; }
::placeholder { color: var(--quiet); opacity: 1; }
button, .button { display: inline-block; min-height: 2.75rem; padding: .5625rem 1.125rem; font: inherit; font-weight: 600; line-height: 1.5;
  text-align: center; text-decoration: none; color: var(--accent-text); background: var(--accent);
  border: 1px solid transparent; border-radius: .5rem; cursor: pointer; }
button:hover, .button:hover { background: var(--accent-strong); }
.second { color: var(--text); background: transparent; border-color: var(--field-line); }
.second:hover { color: var(--text); background: var(--ground); }
.small { min-height: 2.25rem; padding: .3125rem .75rem; font-size: .9375rem; }
.entry { display: flex; flex-wrap: wrap; gap: .625rem; }
.alert { margin: .75rem 0 1.25rem; padding: .75rem .875rem; border: 1px solid var(--bad-line); border-radius: .5rem;
  background: var(--bad-ground); color: var(--bad); }
.hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
a { color: var(--accent); }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .875em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
@media (forced-colors: active) { .card, input, button, .button { border: 1px solid; } }
`
