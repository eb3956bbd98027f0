// The page of Todo0: the list, and plain forms to change it.
import type { Markup } from '@crosswalk/demo-kit'
import { html } from 'hono/html'

import { MAX_TITLE_LENGTH, type Todo } from './todos.ts'

export function renderWelcome(): Markup {
  return html`<div class="card narrow">
    <h1>Your todos, in one place</h1>
    <p>Sign in with your company's account. Agents that your company has connected find the same list.</p>
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

export interface TodoPage {
  readonly todos: readonly Todo[]
  readonly formToken: string
}

export function renderTodos({ todos, formToken }: TodoPage): Markup {
  const open = todos.filter(({ done }) => !done).length
  return html`<div class="list">
    <h1>Your todos</h1>
    <p class="quiet">
      ${todos.length === 0 ? 'Nothing here yet.' : `${open} open, ${todos.length - open} done`}
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
    ${
      todos.length === 0
        ? ''
        : html`<ul class="card todos">
            ${todos.map((todo) => renderTodo(todo, formToken))}
          </ul>`
    }
  </div>`
}

function renderTodo({ id, title, done }: Todo, formToken: string): Markup {
  return html`<li>
    <span class="title">${done ? html`<s class="quiet">${title}</s>` : title}</span>
    <form method="post" action="/todos/change">
      <input type="hidden" name="csrf" value="${formToken}" />
      <input type="hidden" name="id" value="${id}" />
      ${
        done
          ? html`<button class="second small" name="action" value="reopen" aria-label="Reopen ${title}">
              Reopen
            </button>`
          : html`<button class="small" name="action" value="finish" aria-label="Finish ${title}">
              Finish
            </button>`
      }
      <button class="second small" name="action" value="delete" aria-label="Delete ${title}">Delete</button>
    </form>
  </li>`
}

export const TODO_STYLE = `
main { max-width: 44rem; }
.add { margin: 0 0 1.25rem; }
.todos { list-style: none; margin: 0; padding-top: .25rem; padding-bottom: .25rem; }
.todos > li { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; padding: .75rem 0; }
.todos > li + li { border-top: 1px solid var(--line); }
.todos .title { flex: 1 1 12rem; min-width: 0; }
.todos form { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0; }
`

export const TODO_MARK =
  '<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false"><rect width="32" height="32" rx="8" fill="currentColor" opacity=".16"/>' +
  '<path d="M9 16.5l5 5 9.5-11" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>'
