// Follows the recipes of ARCHITECTURE.md in one copy of the sources, checks their types, and uses each result.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../tools/test-browser.ts'
import { checkTypes, copySources, follow, readRecipe, runInCopy } from './follow-recipe.ts'

const RECIPES = {
  'A collection': ['write', 'edit', 'write', 'edit'],
  'A grant': ['write', 'edit', 'write', 'edit'],
  'A console page': ['write', 'edit', 'edit'],
}
const PACKAGES = { extends: './tsconfig.json', include: ['packages/*/src'], exclude: ['**/*.test.ts'] }
const TIMEOUT_MS = 240_000

let copy: ReturnType<typeof copySources>
beforeAll(() => {
  copy = copySources(['packages', 'apps', 'demos', 'tests', 'tools', 'bench'])
  writeFileSync(join(copy.root, 'tsconfig.packages.json'), JSON.stringify(PACKAGES))
  for (const heading of Object.keys(RECIPES)) for (const step of readRecipe(heading)) follow(copy.root, step)
}, TIMEOUT_MS)
afterAll(() => copy.remove())

it.each(Object.entries(RECIPES))('%s takes few steps', (heading, kinds) => {
  expect(readRecipe(heading).map(({ kind }) => kind)).toEqual(kinds)
})

it(
  'the results have no type errors',
  async () => {
    expect(await checkTypes(copy.root, 'tsconfig.packages.json')).toBe('')
    expect(await checkTypes(copy.root, 'tsconfig.console.json')).toBe('')
  },
  TIMEOUT_MS,
)

it(
  'a collection is stored, shown, filtered, recorded, exported and documented',
  async () => {
    expect(await runInCopy(copy.root, 'use-collection.ts')).toEqual({
      created: [201, { id: 'blue', lead: 'usr_ada' }],
      listed: ['blue'],
      refused: 400,
      changed: [200, 'usr_bob'],
      events: ['team.changed', 'team.created'],
      exported: [{ id: 'blue', lead: 'usr_bob' }],
      described: true,
      afterRestart: ['blue'],
    })
  },
  TIMEOUT_MS,
)

it(
  'a grant issues narrower tokens, refuses the rest, and records each decision',
  async () => {
    expect(await runInCopy(copy.root, 'use-grant.ts')).toEqual({
      allowed: [200, 'todos.read'],
      wider: [400, 'invalid_scope'],
      unknown: [400, 'invalid_grant'],
      stranger: [401, 'invalid_client'],
      live: [true, false],
      decisions: [
        ['token.refused', 'XAA2601'],
        ['token.refused', 'XAA2401'],
        ['token.issued', 'XAA0000'],
      ],
    })
  },
  TIMEOUT_MS,
)

describeWithBrowser('a console page', () => {
  it(
    'is a tab of its area, and lists what its route returns',
    async () => {
      expect(await runInCopy(copy.root, 'use-page.ts')).toEqual({
        address: '/admin/groups/file',
        title: expect.stringContaining('File groups'),
        row: expect.stringContaining('Engineering'),
        complaints: [],
      })
    },
    TIMEOUT_MS,
  )
})
