// The styles that the page of Todo0 adds, and the logo of the app.

export const TODO_STYLE = `
main { max-width: 44rem; }
.list > h1 { margin-bottom: .125rem; }
.add { margin: 0 0 1.25rem; padding: 1rem; }
.todos { list-style: none; margin: 0; padding: 0 clamp(.75rem, 3vw, 1.25rem); }
.todos > li { display: grid; grid-template-columns: auto minmax(0, 1fr) auto auto; align-items: center; gap: .125rem .5rem; padding: .875rem 0; }
.todos > li + li { border-top: 1px solid var(--line); }
.filter { display: flex; flex-wrap: wrap; gap: .25rem; margin: 0 0 .75rem; }
.filter .button { border-color: transparent; border-radius: 1.25rem; font-weight: 500; }
.filter [aria-current] { background: var(--info-bg); border-color: var(--accent); font-weight: 600; }
.deeds { display: flex; flex-wrap: wrap; gap: 0 .75rem; font-size: var(--size-2); }
.todos .title { min-width: 0; font-size: 1.0625rem; line-height: 1.4; }
.todos form { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0; }
.todos .title { padding-inline-start: .375rem; }
.todos .delete { grid-area: 1 / 4; }
.todos details[open] { grid-area: 2 / 2 / auto / -1; }
.todos details > form { margin-top: .25rem; }
.todos summary { display: inline-flex; align-items: center; border-radius: var(--radius-1); cursor: pointer; }
.todos summary:hover { color: var(--accent); background: var(--info-bg); }
.tick { display: grid; place-items: center; width: 1.75rem; min-height: 1.75rem; padding: 0; border: 2px solid var(--line-strong); border-radius: 50%;
  color: var(--accent-text); background: transparent; }
.tick::before { content: "✓"; font-size: var(--size-3); line-height: 1; visibility: hidden; }
.tick:hover { background: var(--info-bg); border-color: var(--accent); color: var(--accent); } .tick:hover::before { visibility: visible; }
.done .tick { background: var(--allow); border-color: var(--allow); } .done .tick::before { visibility: visible; color: var(--surface); }
.plain { min-height: 2rem; padding: .125rem .5rem; color: var(--text-2); background: transparent; font-size: var(--size-3); font-weight: 500; }
.plain:hover { color: var(--deny); background: var(--deny-bg); }
.nothing { padding: 1.5rem; text-align: center; }
`

export const TODO_MARK =
  '<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false"><rect width="32" height="32" rx="8" fill="currentColor" opacity=".16"/>' +
  '<path d="M9 16.5l5 5 9.5-11" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>'
