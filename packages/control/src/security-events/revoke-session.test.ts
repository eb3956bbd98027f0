// What is based on an ended session: also if it is issued while the end is recorded, and if a fault interrupts any step.
import type { AuditEvent, LedgerEntry } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { createEndIdJags, createRevokeSession, type RevokeSessionParts } from './revoke-session.ts'

const NOW = 1_800_000_000_000
const AUDIENCE = 'https://as.vendor.test'
const SERVER = {
  ...{ id: 'vendor', issuer: AUDIENCE, clockSkewSeconds: 60 },
  definition: { accessTokenTtlSeconds: 600, maxIdJagLifetimeSeconds: 300 },
}

interface Special {
  readonly session?: string
  readonly lateMs?: number
  readonly page?: 2
  readonly audience?: string
}

/** @param fails - the number of a step that fails once */
function createWorld(fails?: number, servers: readonly (typeof SERVER)[] = [SERVER]) {
  const issued = ['grant-1']
  /** What is special about ID-JAGs */
  const about = new Map<string, Special>()
  const asked: Readonly<Record<string, unknown>>[] = []
  const live = ['grant-1']
  const late: string[] = []
  const revoked = new Set<string | undefined>()
  const endings: number[] = []
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
    directory: { current: () => ({ redemption: new Map(servers.map((one) => [one.id, one])) }) },
    receivedRevocations: {
      async add(revocations: readonly { readonly grantId?: string; readonly expiresAt: number }[]) {
        take()
        for (const { grantId } of revocations) revoked.add(grantId)
        endings.push(...revocations.map(({ expiresAt }) => expiresAt))
      },
    },
    storage: {
      expiry: { readTimeMs: async () => NOW },
      events: {
        async list(query: Readonly<Record<string, unknown>>) {
          take()
          asked.push(query)
          const page = query['cursor'] === undefined ? undefined : 2
          const items = issued
            .filter((grantId) => about.get(grantId)?.page === page)
            .map((grantId) => {
              const { session = 'desk', lateMs = 0, audience = AUDIENCE } = about.get(grantId) ?? {}
              return {
                event: {
                  time: new Date(NOW + lateMs).toISOString(),
                  delegation: { grant_id: grantId },
                  decision: { granted: { audience }, request: { subject: { session } } },
                },
              }
            })
          return { items, ...(page === undefined ? { next: 'second' } : {}) }
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
  const end = (of: object = {}) => revokeSession({ userId: 'usr_alice', session: 'desk', ...of })
  const counts = () => recorded.map(({ change }) => (change as { revoked_tokens?: number }).revoked_tokens)
  const endIdJags = createEndIdJags(parts)
  const seen = { asked, live, late, revoked, endings, recorded, counts, steps: () => steps }
  return { issued, about, ...seen, end, endIdJags }
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

it.each<[string, Special, boolean]>([
  ['on a later page of events', { page: 2 }, true],
  ['of another session', { session: 'phone' }, false],
  ['for a server that runs elsewhere', { audience: 'https://as.elsewhere.test' }, false],
  ['issued in the moment in which the session ended', { lateMs: 0 }, true],
  ['issued after the session ended', { lateMs: 1 }, false],
])('an ID-JAG %s: %o, revoked: %s', async (_, special, isRevoked) => {
  const { about, issued, end, revoked } = createWorld()
  issued.push('grant-2')
  about.set('grant-2', special)
  await end({ issuedUntil: NOW / 1000 })
  expect([...revoked]).toEqual(isRevoked ? ['grant-1', 'grant-2'] : ['grant-1'])
})

it('finds whatever may still be live, although the clocks of the processes differ by an hour', async () => {
  const { asked, endings, end } = createWorld()
  await end({ clientId: 'agent0' })
  const since = NOW - 3_600_000 - (600 + 300) * 1000
  expect(asked[0]).toMatchObject({
    log: 'idp',
    types: ['idjag.issued'],
    user: 'usr_alice',
    app: 'agent0',
    since,
  })
  // An ID-JAG may be issued within the second, lives for 300 seconds, and is accepted for 60 seconds before and after.
  expect(endings).toEqual([NOW / 1000 + 1 + 300 + 120])
})

it('looks as far back as the server with the longest tokens needs', async () => {
  const brief = { ...SERVER, id: 'brief', definition: { ...SERVER.definition, accessTokenTtlSeconds: 60 } }
  const { asked, end } = createWorld(undefined, [brief, SERVER])
  await end()
  expect(asked[0]).toMatchObject({ since: NOW - 3_600_000 - (600 + 300) * 1000 })
})

it('revokes ID-JAGs of every session if no session is named', async () => {
  const { about, issued, end, revoked } = createWorld()
  issued.push('grant-2')
  about.set('grant-2', { session: 'phone' })
  await end({ session: undefined })
  expect([...revoked]).toEqual(['grant-1', 'grant-2'])
})

it.each([
  ['a session', {}, undefined, true],
  ['what one app has of it', { clientId: 'agent0' }, { kind: 'app', id: 'agent0' }, false],
])('records the end of %s as such', async (_, of, target, isSession) => {
  const { end, recorded } = createWorld()
  await end(of)
  expect(recorded).toHaveLength(1)
  expect(recorded[0]).toMatchObject({ actor: { id: 'usr_alice' }, change: { ended_sessions: isSession } })
  expect(recorded[0]?.target).toEqual(target)
})

it('records the end of a later ID-JAG too, although no token was issued from it', async () => {
  const { end, issued, counts } = createWorld()
  await end()
  issued.splice(0, 1, 'grant-2')
  await end()
  expect(counts()).toEqual([1, 0])
})

it('ends the ID-JAGs of one user that any server may still accept, and leaves the access tokens', async () => {
  const { asked, live, revoked, endIdJags } = createWorld()
  await endIdJags('usr_alice')
  // They live for 300 seconds, and the clocks may differ by 180.
  expect(asked[0]).toMatchObject({ types: ['idjag.issued'], user: 'usr_alice', since: NOW - 480_000 })
  expect([[...revoked], live]).toEqual([['grant-1'], ['grant-1']])
})
