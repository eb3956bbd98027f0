// Which access grants are held in memory: every act compiles those again, and every redemption looks at the revoked ones.
import { expect, it } from 'vitest'

import { ACTS, applyToActs, readActs } from './stored-acts.ts'

const DAY_MS = 86_400_000
const NOW = Date.parse('2026-06-15T08:00:00.000Z')

const AT = new Date(NOW).toISOString()
const ACTIVE = {
  ...{ id: 'acg-1', connection: 'agent-todo', user: 'usr_bob', app: 'agent', resourceApp: 'todo' },
  ...{ scopes: ['a'], state: 'active', by: 'alice', at: AT },
}

function revokedAt(at: number) {
  return { ...ACTIVE, state: 'revoked', over: { at: new Date(at).toISOString(), by: 'alice' } }
}

it.each([
  ['active', ACTIVE, ['acg-1']],
  ['revoked less than a day ago', revokedAt(NOW - DAY_MS + 1), ['acg-1']],
  ['revoked a day ago', revokedAt(NOW - DAY_MS), []],
  ['ended', { ...revokedAt(NOW), state: 'ended' }, []],
])('a grant that is %s', async (_, body, held) => {
  const stored = {
    ...{ collection: ACTS.accessGrants, id: 'acg-1', owner: 'database', body, revision: 1 },
    ...{ updatedAt: NOW, updatedBy: 'alice' },
  } as const
  async function* readGrants(collection: string) {
    if (collection === ACTS.accessGrants) yield stored
  }
  async function* readNothing() {}
  const read = await readActs(readGrants, NOW)
  expect([...read.accessGrants.keys()]).toEqual(held)
  const applied = applyToActs(await readActs(readNothing, NOW), [stored], NOW)
  expect([...applied.accessGrants.keys()]).toEqual(held)
})
