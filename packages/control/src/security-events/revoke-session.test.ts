// What is based on an ended session: also if it is issued while the end is recorded, and if a fault interrupts any step.
import type { AuditEvent, LedgerEntry } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { createRevokeSession, type RevokeSessionParts } from './revoke-session.ts'

const NOW = 1_800_000_000_000
const AUDIENCE = 'https://as.vendor.test'
const SERVER = {
  ...{ id: 'vendor', issuer: AUDIENCE, clockSkewSeconds: 60 },
  definition: { accessTokenTtlSeconds: 600, maxIdJagLifetimeSeconds: 300 },
}

/** @param fails - the number of a step that fails once */
function createWorld(fails?: number) {
  const issued = ['grant-1']
  const live = ['grant-1']
  const late: string[] = []
  const revoked = new Set<string | undefined>()
  const recorded: AuditEvent[] = []
  const used = new Set<string>()
  let steps = 0
  const take = () => {
    steps += 1
    if (steps === fails) throw new Error('the database is away')
  }
  const parts = {
    issuer: 'https://idp.test',
    clock: { nowMs: () => NOW },
    directory: { current: () => ({ redemption: new Map([['vendor', SERVER]]) }) },
    receivedRevocations: {
      async add(revocations: readonly { readonly grantId?: string }[]) {
        take()
        for (const { grantId } of revocations) revoked.add(grantId)
      },
    },
    storage: {
      expiry: { readTimeMs: async () => NOW },
      events: {
        async list() {
          take()
          const items = issued.map((grantId) => ({
            event: {
              time: new Date(NOW).toISOString(),
              delegation: { grant_id: grantId },
              decision: { granted: { audience: AUDIENCE }, request: { subject: { session: 'desk' } } },
            },
          }))
          return { items }
        },
      },
      accessTokens: {
        async revoke({ grantId }: { readonly grantId: string }) {
          take()
          return live.includes(grantId) ? live.splice(live.indexOf(grantId), 1).length : 0
        },
      },
      ledger: {
        async commit({ event, replayKeys = [] }: LedgerEntry) {
          take()
          const again = replayKeys.find(({ key }) => used.has(key))
          if (again !== undefined) return { committed: false, used: again }
          for (const { key } of replayKeys) used.add(key)
          recorded.push(event as AuditEvent)
          // Decided before the end, committed before its record.
          for (const grantId of late.splice(0)) {
            if (!issued.includes(grantId)) issued.push(grantId)
            live.push(grantId)
          }
          return { committed: true }
        },
      },
    },
  } as unknown as RevokeSessionParts
  const revokeSession = createRevokeSession(parts)
  const end = () => revokeSession({ userId: 'usr_alice', session: 'desk' })
  const counts = () => recorded.map(({ change }) => (change as { revoked_tokens?: number }).revoked_tokens)
  return { issued, live, late, revoked, counts, steps: () => steps, end }
}

it('records an end once, however often it is repeated', async () => {
  const { end, live, counts } = createWorld()
  await end()
  await end()
  expect([live, counts()]).toEqual([[], [1]])
})

it.each([
  ['an ID-JAG', 'grant-2'],
  ['an access token', 'grant-1'],
])('revokes and records %s that was committed while the end was recorded', async (_, grantId) => {
  const { end, late, live, revoked, counts } = createWorld()
  late.push(grantId)
  await end()
  expect([revoked.has(grantId), live, counts()]).toEqual([true, [], [1, 1]])
})

it('records nothing for a session without ID-JAGs', async () => {
  const { end, issued, counts } = createWorld()
  issued.length = 0
  await end()
  expect(counts()).toEqual([])
})

it('completes after a fault at any step, and is recorded once', async () => {
  const whole = createWorld()
  await whole.end()
  for (let step = 1; step <= whole.steps(); step += 1) {
    const { end, live, revoked, counts } = createWorld(step)
    await expect(end()).rejects.toThrow('away')
    await end()
    expect([step, live, [...revoked], counts().length]).toEqual([step, [], ['grant-1'], 1])
  }
})
