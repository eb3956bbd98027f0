// The todos of each account, in one JSON file. Independent of tokens and HTTP: an account is just a string.
import { randomUUID } from 'node:crypto'

import { type JsonFile, openJsonFile } from '@crosswalk/demo-kit'
import { withSpan } from '@crosswalk/tracing'

export interface Todo {
  readonly id: string
  readonly title: string
  readonly done: boolean
  /** Absent for the initial todos */
  readonly added?: Edit
  /** The last change of the title or state */
  readonly changed?: Edit
}

/** Which app did something for the owner of the list, as named in its access token. */
export interface Edit {
  readonly by: string
  /** RFC 3339 */
  readonly at: string
}

export interface Todos {
  list(account: string): readonly Todo[]
  /** @returns undefined if the list is full */
  add(account: string, title: string, by: string): Todo | undefined
  /** @returns undefined if the account has no such todo */
  change(account: string, id: string, change: TodoChange): Todo | undefined
  remove(account: string, id: string): boolean
}

export interface TodoChange extends Partial<Pick<Todo, 'title' | 'done'>> {
  readonly by: string
}

export const MAX_TITLE_LENGTH = 200
const MAX_TODOS = 500

const FIRST_TODOS = ['Read the README', 'Ask Agent0 to list my todos']

type Lists = Readonly<Record<string, readonly Todo[]>>

/** @throws SyntaxError if the file exists but is not JSON */
export function openTodos(path: string): Todos {
  return createTodos(openJsonFile<Lists>(path, {}))
}

export function createTodos(file: JsonFile<Lists>): Todos {
  const sign = (by: string): Edit => ({ by, at: new Date().toISOString() })
  const list = (account: string) => file.read()[account] ?? FIRST_TODOS.map((title, at) => first(title, at))
  const save = (account: string, todos: readonly Todo[]) =>
    withSpan('save todos', () => file.write({ ...file.read(), [account]: todos }))
  return {
    list,
    add: (account, title, by) => {
      const todos = list(account)
      if (todos.length >= MAX_TODOS) return undefined
      const todo = { id: randomUUID(), title, done: false, added: sign(by) }
      save(account, [...todos, todo])
      return todo
    },
    change: (account, id, { by, ...change }) => {
      const changed = sign(by)
      const todos = list(account).map((todo) => (todo.id === id ? { ...todo, ...change, changed } : todo))
      const found = todos.find((todo) => todo.id === id)
      if (found !== undefined) save(account, todos)
      return found
    },
    remove: (account, id) => {
      const todos = list(account)
      const rest = todos.filter((todo) => todo.id !== id)
      if (rest.length < todos.length) save(account, rest)
      return rest.length < todos.length
    },
  }
}

/** With ids by position, so that a list that is only read need not be written. */
function first(title: string, at: number): Todo {
  return { id: `first-${at + 1}`, title, done: false }
}
