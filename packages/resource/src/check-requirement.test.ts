// Requirements that no token could meet are refused where a route is defined.
import { describe, expect, it } from 'vitest'

import { checkRequirement } from './check-requirement.ts'
import * as onExpress from './express.ts'
import * as onFastify from './fastify.ts'
import { protect } from './fetch.ts'
import * as onHono from './hono.ts'

it.each([{}, { scope: [] }, { scope: ['todos.read', 'todos.write'], acr: ['mfa'], maxAuthAgeSeconds: 0 }])(
  'accepts %j',
  (requirement) => expect(() => checkRequirement(requirement)).not.toThrow(),
)

it.each([
  [{ scope: 'todos.read' }, 'It is "todos.read".'],
  [{ scope: [['todos.read', 'todos.write']] }, 'scope must list scopes'],
  [{ scope: ['todos.read todos.write'] }, 'scope must list scopes'],
  [{ scope: [''] }, 'scope must list scopes'],
  [{ scope: [undefined] }, 'scope must list scopes'],
  // A string would match each acr that is a part of it.
  [{ acr: 'mfa' }, 'acr must be a list of strings'],
  [{ acr: [['mfa']] }, 'acr must be a list of strings'],
  [{ maxAuthAgeSeconds: -1 }, 'maxAuthAgeSeconds must be a number'],
  [{ maxAuthAgeSeconds: 'soon' }, 'maxAuthAgeSeconds must be a number'],
])('refuses %j', (requirement, message) =>
  expect(() => checkRequirement(requirement as never)).toThrow(message),
)

describe.each(Object.entries({ express: onExpress, fastify: onFastify, hono: onHono }))(
  'the adapter for %s',
  (_, { scope, requires }) => {
    it('refuses a list in place of scopes', () => {
      expect(() => scope(['todos.read', 'todos.write'] as never)).toThrow(TypeError)
      expect(() => requires({ scope: 'todos.read' } as never)).toThrow(TypeError)
    })
  },
)

it('the adapter for Request and Response refuses a scope that is no list', () => {
  const options = { resource: 'https://api.todo.test', issuer: 'https://as.todo.test' }
  expect(() => protect(options, () => new Response(), { scope: 'todos.read' } as never)).toThrow(TypeError)
})
