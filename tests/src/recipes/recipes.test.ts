// Follows the recipes of ARCHITECTURE.md to the letter in one copy of the sources, checks their types, and uses each result.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeWithBrowser, hasTestBrowser } from '../../../tools/test-browser.ts'
import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { checkTypes } from '../support/check-types.ts'
import { copySources, follow, readRecipe, runInCopy, runTests } from './follow-recipe.ts'
import { diagnoseWith } from './uses/doctor.ts'

/** How many files each takes. The law is one new file and one line of a registry, for each side that has one. */
const RECIPES = {
  'A collection': ['write', 'edit', 'write', 'edit', 'edit', 'edit'],
  'A grant': ['write', 'edit', 'write', 'edit'],
  'A check': ['write', 'edit', 'edit', 'edit', 'edit'],
  'A route': ['write', 'edit', 'write', 'edit'],
  'A command': ['write', 'edit'],
  'A console page': ['write', 'edit', 'edit'],
  'A store': ['write', 'edit', 'edit', 'write', 'edit', 'write', 'edit', 'edit'],
  'A doctor check': ['write', 'edit'],
  'A vendor preset': ['write'],
}
const CHECKED = {
  extends: './tsconfig.json',
  include: ['packages/*/src', 'apps/cli/src'],
  exclude: ['**/*.test.ts'],
}

let copy: ReturnType<typeof copySources>
let used: Readonly<Record<string, unknown>>
beforeAll(async () => {
  copy = copySources()
  writeFileSync(join(copy.root, 'tsconfig.recipes.json'), JSON.stringify(CHECKED))
  for (const heading of Object.keys(RECIPES)) for (const step of readRecipe(heading)) follow(copy.root, step)
  await runInCopy(copy.root, 'tools/generate.ts')
  const flags = hasTestBrowser ? ['--browser'] : []
  used = JSON.parse(await runInCopy(copy.root, 'tests/src/recipes/use-results.ts', ...flags)) as typeof used
})
afterAll(() => copy.remove())

it.each(Object.entries(RECIPES))('%s takes few steps', (heading, kinds) => {
  expect(readRecipe(heading).map(({ kind }) => kind)).toEqual(kinds)
})

it('the results have no type errors', async () => {
  expect(await checkTypes(copy.root, 'tsconfig.recipes.json')).toEqual([])
  expect(await checkTypes(copy.root, 'tsconfig.console.json')).toEqual([])
})

it('a collection is stored, shown, filtered, recorded, exported and documented', () => {
  expect(used['collection']).toEqual({
    created: [201, { id: 'blue', lead: 'usr_ada' }],
    listed: ['blue'],
    refused: 400,
    changed: [200, 'usr_bob'],
    events: ['team.changed', 'team.created'],
    exported: [{ id: 'blue', lead: 'usr_bob' }],
    described: true,
    afterRestart: ['blue'],
  })
})

it('a grant issues narrower tokens, refuses the rest, and records each decision', () => {
  expect(used['grant']).toEqual({
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
})

it('a check decides, is recorded and simulated alike, and is explained with its fix', () => {
  expect(used['check']).toEqual({
    ended: [400, ['XAA1590', 'fail'], ['XAA1590', 'fail']],
    lasting: [200, ['XAA0000', 'pass'], ['XAA0000', 'pass']],
    explained: true,
  })
})

it('a route validates, authorizes, answers, is documented, and is a command', () => {
  expect(used['route']).toEqual({
    listed: [200, { items: [{ id: 'other', name: 'Other' }], next: null }],
    wrong: 400,
    anonymous: 401,
    forbidden: 403,
    described: 'List apps without a connection',
    command: [0, ['id,name', 'other,Other']],
  })
})

it('a doctor check is reported, with its fix, and listed in the reference; other findings stay the same', async () => {
  expect(used['doctorCheck']).toEqual({
    without: [['info', 'Turn DPoP on.']],
    offered: ['pass'],
    others: await diagnoseWith({}),
    row: expect.stringContaining('| `M90` | offers DPoP | information |'),
  })
})

it('a vendor preset is offered on the command line, in the playground, to the doctor and to programs, and documented', () => {
  expect(used['vendorPreset']).toEqual({
    card: ['Nimbus ID issues ID-JAGs for this authorization server. Enter there:', true, true],
    entry: { issuer: 'https://acme.nimbus.example', subject: ['iss_sub'], provisioning: 'jit' },
    playground: { idp: 'https://acme.nimbus.example' },
    fix: 'Turn on Cross App Access for the tenant.',
    section: true,
  })
})

describeWithBrowser('in the console', () => {
  it('a page is a tab of its area and lists what its route returns, and a vendor preset is offered', () => {
    expect(used['page']).toEqual({
      address: '/admin/groups/file',
      title: expect.stringContaining('File groups'),
      row: expect.stringContaining('Engineering'),
      preset: 'https://acme.nimbus.example',
      complaints: [],
    })
  })
})

describe('a store', () => {
  let passed: readonly string[]
  beforeAll(async () => {
    const files = ['packages/storage/src/contract.test.ts', 'packages/storage/src/schema/baseline.test.ts']
    passed = await runTests(copy.root, files, 'accepted terms|was edited in place')
  })

  it('freezes its migration', () => {
    expect(passed).toContain('no migration on sqlite was edited in place')
    expect(passed).toContain('no migration on postgres was edited in place')
  })

  describeOnDatabases('on $name', ({ name }) => {
    it('keeps its contract', () => {
      expect(passed).toContain(
        `${name} accepted terms the last accepted version is found, also by another process`,
      )
    })
  })
})
