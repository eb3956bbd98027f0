import { expect, it } from 'vitest'

import { pickTests } from './pick-tests.ts'

const ENDS = {
  app: { id: 'agent0', kind: 'agent' },
  resourceApp: { id: 'todo0', issuer: 'https://as.test' },
} as const

type Suite = Parameters<typeof pickTests>[0]

function suiteOf(app: unknown, at: unknown): Suite {
  const test = { name: 'one', who: 'any', app, at, expect: { outcome: 'deny' } }
  return { id: 's', tests: [test] } as unknown as Suite
}

it.each([
  ['agent0', 'todo0', true],
  [['other', 'agent0'], 'todo0', true],
  ['any', 'any', true],
  ['kind:agent', { audience: 'https://as.test' }, true],
  ['kind:web', 'todo0', false],
  ['other', 'todo0', false],
  ['agent0', 'notes0', false],
  ['agent0', { audience: 'https://as.test/' }, false],
])('a test of %j at %j: %s', (app, at, asks) => {
  expect(pickTests(suiteOf(app, at), ENDS) !== undefined).toBe(asks)
})

it.each([
  ['https://app.test/client', true],
  ['any', false],
  ['kind:agent', false],
])('a test of %j is about an app that describes itself: %s', (app, asks) => {
  const ends = { ...ENDS, app: { id: 'https://app.test/client' } }
  expect(pickTests(suiteOf(app, 'any'), ends) !== undefined).toBe(asks)
})

it('keeps only the tests about the connection', () => {
  const mixed = {
    ...suiteOf('agent0', 'todo0'),
    tests: [...suiteOf('agent0', 'todo0').tests, ...suiteOf('other', 'any').tests],
  }
  expect(pickTests(mixed, ENDS)?.tests).toEqual(suiteOf('agent0', 'todo0').tests)
})
