// Conditions on access: all must hold, and without any, every access matches.
import { expect, it } from 'vitest'

import { matchesAccess } from './access-conditions.ts'

const FACTS = { app: 'agent0', kind: 'agent', resourceApp: 'todo0', risk: 2 } as const

it.each<[string, Parameters<typeof matchesAccess>[0], boolean]>([
  ['nothing', {}, true],
  ['the app', { apps: ['other', 'agent0'] }, true],
  ['another app', { apps: ['other'] }, false],
  ['the resource app', { resourceApps: ['todo0'] }, true],
  ['another resource app', { resourceApps: ['notes0'] }, false],
  ['the kind', { kind: 'agent' }, true],
  ['another kind', { kind: 'web' }, false],
  ['the risk', { minRisk: 2 }, true],
  ['a higher risk', { minRisk: 3 }, false],
  ['all of them', { apps: ['agent0'], resourceApps: ['todo0'], kind: 'agent', minRisk: 2 }, true],
  ['all but one', { apps: ['agent0'], resourceApps: ['todo0'], kind: 'service', minRisk: 2 }, false],
])('asked for %s', (_, conditions, matches) => expect(matchesAccess(conditions, FACTS)).toBe(matches))

it('does not take an app that describes itself for any kind', () => {
  const described = { ...FACTS, kind: undefined }
  expect(matchesAccess({}, described)).toBe(true)
  expect(matchesAccess({ kind: 'agent' }, described)).toBe(false)
})
