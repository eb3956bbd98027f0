// What the page of Todo0 adds to the common sheet, and the mark of the app.

export const TODO_STYLE = `
main { max-width: 44rem; }
.add { margin: 0 0 1.25rem; }
.todos { list-style: none; margin: 0; padding-top: .25rem; padding-bottom: .25rem; }
.todos > li { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; padding: .75rem 0; }
.todos > li + li { border-top: 1px solid var(--line); }
.filter { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 1rem; }
.filter [aria-current] { background: var(--info-bg); border-color: var(--accent); }
.deeds { display: flex; flex-wrap: wrap; gap: 0 .75rem; font-size: var(--size-2); }
.todos details { flex: 1 1 100%; }
.todos details > form { margin-top: .5rem; }
.todos summary { display: inline-block; cursor: pointer; color: var(--accent); font-size: var(--size-4); min-height: 1.75rem; }
.todos summary::before { content: "▸ "; } .todos [open] > summary::before { content: "▾ "; }
.todos .title { flex: 1 1 12rem; min-width: 0; }
.todos form { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0; }
`

export const TODO_MARK =
  '<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false"><rect width="32" height="32" rx="8" fill="currentColor" opacity=".16"/>' +
  '<path d="M9 16.5l5 5 9.5-11" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>'
