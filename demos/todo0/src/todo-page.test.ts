// The page shows who changed what, and escapes the content of todos.
import { describe, expect, it } from 'vitest'

import { readShow, renderTodos, type Show } from './todo-page.ts'
import type { Todo } from './todos.ts'

const at = '2026-03-01T09:14:00.000Z'
const todos: readonly Todo[] = [
  { id: '1', title: 'By the page', done: false, added: { by: 'todo0-page', at } },
  {
    id: '2',
    title: '<img src=x>',
    done: true,
    added: { by: 'agent0-at-todo0', at },
    changed: { by: 'todo0-page', at },
  },
  { id: '3', title: 'By another', done: false, changed: { by: 'wiki0', at } },
]
const render = async (show: Show = 'all', list = todos) =>
  String(await renderTodos({ todos: list, formToken: 'token', show })).replace(/\s+/g, ' ')
const readTitles = (markup: string) =>
  [...markup.matchAll(/value="delete" aria-label="Delete ([^"]*)"/g)].length

describe('renderTodos', () => {
  it('shows who did what for whom', async () => {
    const text = (await render()).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
    expect(text).toContain('added by you 1 Mar 2026, 09:14 UTC')
    expect(text).toContain('added by Agent0 for you 1 Mar 2026, 09:14 UTC finished by you')
    expect(text).toContain('changed by wiki0 for you')
  })

  it.each([
    ['all', 3],
    ['open', 2],
    ['done', 1],
  ] as const)('shows %s: %i', async (show, count) => {
    expect(readTitles(await render(show))).toBe(count)
  })

  it('reports that there is nothing to show', async () => {
    expect(await render('done', todos.slice(0, 1))).toContain('None of them is done.')
    expect(await render('all', [])).toContain('No todos yet.')
  })

  it('escapes titles', async () => {
    expect(await render()).not.toContain('<img')
  })
})

it.each([
  ['open', 'open'],
  ['done', 'done'],
  ['everything', 'all'],
  [undefined, 'all'],
])('readShow(%j)', (value, show) => {
  expect(readShow(value)).toBe(show)
})
