// The page of Todo0: the list, who changed what, and plain forms for changes.
import type { Markup } from '@crosswalk/demo-kit'
import { html, raw } from 'hono/html'

import { type Edit, MAX_TITLE_LENGTH, type Todo } from './todos.ts'

export function renderWelcome(): Markup {
  return html`<div class="card narrow">
    <h1>Your todos, in one place</h1>
    <p>Sign in with your company's account. Agents that your company has connected work on the same list.</p>
    <p><a class="button" href="/signin">Sign in with acme</a></p>
  </div>`
}

export function renderProblem(title: string, text: string): Markup {
  return html`<div class="card narrow">
    <h1>${title}</h1>
    <p class="alert" role="alert">${text}</p>
    <p><a class="button" href="/signin">Sign in</a> <a class="button second" href="/">Back</a></p>
  </div>`
}

const SHOWS = ['all', 'open', 'done'] as const
export type Show = (typeof SHOWS)[number]

/** @returns the filter; `all` for unknown values */
export function readShow(value: unknown): Show {
  return SHOWS.find((one) => one === value) ?? 'all'
}

export interface TodoPage {
  /** All todos: the page applies the filter */
  readonly todos: readonly Todo[]
  readonly formToken: string
  readonly show: Show
}

export function renderTodos({ todos, formToken, show }: TodoPage): Markup {
  const open = todos.filter(({ done }) => !done).length
  const counts = { all: todos.length, open, done: todos.length - open }
  const shown = todos.filter(({ done }) => show === 'all' || done === (show === 'done'))
  return html`<div class="list">
    <h1>Your todos</h1>
    <p class="quiet">
      ${todos.length === 0 ? 'No todos yet. Add the first one, or ask Agent0 to.' : `${open} open, ${counts.done} done`}
    </p>
    <form method="post" action="/todos/add" class="card add">
      <input type="hidden" name="csrf" value="${formToken}" />
      <label for="title">New todo</label>
      <div class="entry">
        <input
          type="text"
          id="title"
          name="title"
          maxlength="${MAX_TITLE_LENGTH}"
          autocomplete="off"
          required
        />
        <button>Add</button>
      </div>
    </form>
    ${todos.length === 0 ? '' : renderFilter(show, counts)}
    ${shown.length === 0 ? renderNothing(show, todos.length) : renderList(shown, { formToken, show })}
  </div>`
}

function renderFilter(show: Show, counts: Readonly<Record<Show, number>>): Markup {
  const name = { all: 'All', open: 'Open', done: 'Done' }
  return html`<nav class="filter" aria-label="Which todos to show">
    ${SHOWS.map(
      (one) =>
        html`<a
          class="button second small"
          href="${one === 'all' ? '/' : `/?show=${one}`}"
          ${one === show ? raw('aria-current="page"') : ''}
          >${name[one]} <span class="quiet">${counts[one]}</span></a
        >`,
    )}
  </nav>`
}

function renderNothing(show: Show, all: number): Markup | '' {
  return all === 0 ? '' : html`<p class="card nothing quiet">None of them is ${show}.</p>`
}

interface ListContext {
  readonly formToken: string
  readonly show: Show
}

function renderList(todos: readonly Todo[], context: ListContext): Markup {
  return html`<ul class="card todos">
    ${todos.map((todo) => renderTodo(todo, context))}
  </ul>`
}

function renderTodo(todo: Todo, { formToken, show }: ListContext): Markup {
  const { id, title, done } = todo
  const hidden = html`<input type="hidden" name="csrf" value="${formToken}" />
    <input type="hidden" name="id" value="${id}" />
    <input type="hidden" name="show" value="${show}" />`
  return html`<li class="${done ? 'done' : ''}">
    <form method="post" action="/todos/change">
      ${hidden}
      ${
        done
          ? html`<button class="tick" name="action" value="reopen" aria-label="Reopen ${title}"></button>`
          : html`<button class="tick" name="action" value="finish" aria-label="Finish ${title}"></button>`
      }
    </form>
    <div class="title">${done ? html`<s class="quiet">${title}</s>` : title} ${renderDeeds(todo)}</div>
    <details>
      <summary class="plain" aria-label="Edit ${title}">Edit</summary>
      <form method="post" action="/todos/change" class="entry">
        ${hidden} <label class="hidden" for="title-${id}">New title of ${title}</label>
        <input
          type="text"
          id="title-${id}"
          name="title"
          value="${title}"
          maxlength="${MAX_TITLE_LENGTH}"
          autocomplete="off"
          required
        />
        <button class="small" name="action" value="rename">Save</button>
      </form>
    </details>
    <form method="post" action="/todos/change" class="delete">
      ${hidden}
      <button class="plain" name="action" value="delete" aria-label="Delete ${title}">Delete</button>
    </form>
  </li>`
}

/** Apps act for the owner of the list, who sees which app did what, and when. */
function renderDeeds({ added, changed, done }: Todo): Markup | '' {
  if (added === undefined && changed === undefined) return ''
  const deeds = [
    ...(added === undefined ? [] : [{ what: 'added', deed: added }]),
    ...(changed === undefined ? [] : [{ what: done ? 'finished' : 'changed', deed: changed }]),
  ]
  return html`<span class="deeds quiet">
    ${deeds.map(
      ({ what, deed }) =>
        html`<span
          >${what} ${nameDoer(deed)} <time datetime="${deed.at}">${renderTime(deed.at)}</time></span
        > `,
    )}
  </span>`
}

/** The vendor knows the names of its clients. */
const APPS: Readonly<Record<string, string>> = { 'agent0-at-todo0': 'Agent0', agent0: 'Agent0' }
const THIS_PAGE = 'todo0-page'

function nameDoer({ by }: Edit): string {
  return by === THIS_PAGE ? 'by you' : `by ${APPS[by] ?? by} for you`
}

const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

function renderTime(at: string): string {
  return `${TIME.format(new Date(at))} UTC`
}
