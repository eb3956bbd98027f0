// The styles that the pages of Agent0 add, and the logo of the app.

export const CHAT_STYLE = `
main { max-width: 80rem; }
.desk { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.25rem; }
.talk { display: flex; flex-direction: column; min-width: 0; }
.side { display: grid; gap: 1rem; align-content: start; min-width: 0; }
.composer { position: sticky; bottom: 0; padding: .75rem 0 1rem; background: var(--surface-2); border-top: 1px solid var(--line); }
@media (min-width: 60rem) {
  main:has(.desk) { padding-bottom: 0; }
  .desk { grid-template-columns: minmax(0, 3fr) minmax(22rem, 2fr); height: calc(100dvh - 8.25rem); min-height: 26rem; }
  .talk { min-height: 0; } .side { overflow-y: auto; padding-bottom: 1rem; }
  .log { flex: 1; min-height: 0; overflow-y: auto; display: flex; flex-direction: column-reverse; } }
.turns { list-style: none; margin: 0 auto auto 0; padding: 0 .25rem 1.25rem; display: grid; gap: .75rem; width: 100%; }
.turns > li { max-width: 36rem; padding: .75rem 1rem; border-radius: 1rem; }
.turns p { margin: 0; }
.turns .text { white-space: pre-line; }
.turns > .said { justify-self: start; background: var(--surface); border: 1px solid var(--line); border-bottom-left-radius: .25rem; }
.turns > .asked { justify-self: end; background: var(--accent); color: var(--accent-text); border-bottom-right-radius: .25rem; }
.turns > .no { background: var(--deny-bg); border-color: var(--deny-line); color: var(--deny); }
.items { margin: .375rem 0 0; padding-left: 1.75rem; }
.turns .reference { margin-top: .5rem; font-size: var(--size-3); }
.turns .reference + p { margin-top: .75rem; }
.ask { margin: 0; }
.ask input[type=text] { min-height: 3rem; }
.examples { display: flex; flex-wrap: wrap; gap: .375rem; margin: 0 0 .625rem; }
.examples button { min-height: 2rem; padding: .1875rem .75rem; border-color: var(--line); border-radius: 1rem; font-weight: 500; font-size: var(--size-3);
  background: var(--surface); }
.wire { font-size: var(--size-4); }
.wire p { margin: 0; }
.wire > p { margin-bottom: .75rem; }
.legs { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; counter-reset: key; }
.legs > .minor { padding: 0 .25rem; font-size: var(--size-2); color: var(--text-2); }
.minor .status { background: transparent; padding: 0; min-width: 2.25rem; }
.legs > .key { padding: .75rem .875rem; border: 1px solid var(--line); border-radius: var(--radius-2); counter-increment: key; }
.key > .line { display: flex; align-items: center; gap: .25rem .5rem; font-size: 1rem; }
.key .status { order: 1; margin-left: auto; }
.key > .line::before { content: counter(key); flex: none; display: grid; place-items: center; width: 1.5rem; height: 1.5rem; border-radius: 50%;
  font-size: var(--size-2); color: var(--accent-text); background: var(--accent); }
.legs .line { font-weight: 600; }
.legs .address, .legs .fact, .legs details { margin-top: .25rem; font-size: var(--size-3); }
.status { display: inline-block; min-width: 2.75rem; padding: 0 .4375rem; border-radius: var(--radius-1); font-size: var(--size-2); font-variant-numeric: tabular-nums;
  text-align: center; }
.status.good { color: var(--allow); background: var(--allow-bg); }
.status.bad { color: var(--deny); background: var(--deny-bg); }
details.renewal { margin: 0 0 .75rem; padding: .5rem .75rem; background: var(--surface-2); border-radius: var(--radius-2); }
.legs dl, .renewal dl { margin: .375rem 0 0; }
.claims dt { margin-top: .375rem; } .claims dd { margin: 0; }
.claims .quiet { font-size: var(--size-2); }
.checks { list-style: none; margin: .375rem 0 0; padding: 0; display: grid; gap: .25rem; }
.checks .fail { color: var(--deny); } .checks .pass > span:first-child { color: var(--allow); }
.report { margin: 0 0 1rem; padding: .75rem; border: 1px solid var(--line); border-radius: var(--radius-2); display: grid; gap: .375rem; }
.report .line { font-weight: 600; } .report .fact { font-size: var(--size-3); }
.steps { margin: .25rem 0 0; padding-left: 1.5rem; font-size: var(--size-3); }
.status.dull { color: var(--text-2); background: var(--surface-2); border: 1px solid var(--line-strong); }
.break { font-size: var(--size-4); } .break > summary { font-weight: 600; }
.break ul { list-style: none; margin: .75rem 0 0; padding: 0; display: grid; gap: .625rem; }
.break li { display: grid; grid-template-columns: minmax(0, 11rem) minmax(0, 1fr); gap: .25rem .75rem; align-items: center; font-size: var(--size-4); }
@media (max-width: 40rem) { .break li { grid-template-columns: minmax(0, 1fr); } }
summary { cursor: pointer; color: var(--accent); min-height: 1.75rem; }
pre { margin: .375rem 0 0; padding: .625rem .75rem; overflow-x: auto; background: var(--surface-2); border-radius: var(--radius-2); }
`

export const CHAT_MARK =
  '<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false"><rect width="32" height="32" rx="8" fill="currentColor" opacity=".16"/>' +
  '<path d="M9 10h14a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-5l-4 4v-4H9a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2z" fill="none" stroke="currentColor" stroke-width="2.25" stroke-linejoin="round"/>' +
  '<circle cx="13" cy="15.5" r="1.5" fill="currentColor"/><circle cx="19" cy="15.5" r="1.5" fill="currentColor"/></svg>'
