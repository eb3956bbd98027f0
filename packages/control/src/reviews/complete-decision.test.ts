// A decision that revokes a connection, stopped by a fault before it revoked the live tokens: repeating it completes it once,
// unless the connection was resumed since, or every token has expired.
import type { ReviewItem } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import { ACTS } from '../definitions/stored-acts.ts'
import { systemContext } from '../http/context.ts'
import { openNodes } from '../testing/open-nodes.ts'
import { createReviewHandlers } from './reviews.ts'

const CLIENT = { method: 'client_secret_basic', secret: 'a secret that is long enough: 7Jq2' }
const IDP = {
  apps: [{ id: 'agent0', name: 'Agent0', kind: 'agent', auth: CLIENT }],
  resourceApps: [
    {
      ...{ id: 'todo0', name: 'Todo0', issuer: 'https://as.test' },
      resources: [{ id: 'https://todo.test', scopes: ['read'] }],
    },
  ],
  connections: [
    {
      ...{ id: 'con', app: 'agent0', resourceApp: 'todo0', clientId: 'agent0-there', status: 'active' },
      ...{ resources: ['https://todo.test'], scopes: ['read'] },
    },
  ],
}
const NOW = Date.parse('2026-06-15T08:00:00.000Z')
const HOLD = { collection: ACTS.holds, id: 'connection:con', by: 'ada', at: NOW }
const context = { ...systemContext('a test'), caller: { id: 'ada', role: 'owner' }, headers: new Headers() }

/** @returns a review whose decision about the connection met a fault */
async function openInterrupted() {
  const [{ parts, storage }] = await openNodes(IDP, NOW)
  let live = 1
  let nowMs = NOW
  let isAway = true
  const revokeConnection = async () => {
    if (isAway) throw new Error('the database is away')
    const revoked = live
    live = 0
    return revoked
  }
  const revoker = { ...parts.revoker, revokeConnection }
  const handlers = createReviewHandlers({ ...parts, clock: { nowMs: () => nowMs }, revoker })
  const call = (name: keyof typeof handlers, request: object) =>
    handlers[name](request as never, context as never) as Promise<{
      readonly status: number
      readonly body: ReviewItem & { readonly id: string; readonly items: readonly ReviewItem[] }
    }>
  const body = { name: 'Q3', periodDays: 90, reason: 'yearly' }
  const { id } = (await call('reviews.create', { body })).body
  const decide = () =>
    call('reviews.decide', { params: { id, connection: 'con' }, body: { decision: 'revoke' } })
  await expect(decide()).rejects.toThrow('the database is away')
  isAway = false
  return {
    ...{ objects: storage.objects, decide },
    at: (ms: number) => void (nowMs = ms),
    countRevocations: async () =>
      (await storage.events.list({ types: ['token.revoked'], limit: 9 })).items.length,
    readDecision: async () =>
      (await call('reviews.items', { params: { id }, query: { limit: 9 } })).body.items[0]?.decision,
  }
}

type World = Awaited<ReturnType<typeof openInterrupted>>

it.each<[string, (world: World) => unknown, number | undefined]>([
  ['at once', () => undefined, 1],
  ['while a token may be live', ({ at }) => at(NOW + 120_000), 1],
  ['once every token has expired', ({ at }) => at(NOW + 120_001), undefined],
  ['after the connection was resumed', ({ objects }) => objects.remove(HOLD), undefined],
  [
    'after the connection was resumed and suspended',
    async ({ objects }) => {
      const revocation = (await objects.find(HOLD.collection, HOLD.id))?.body as object
      await objects.put({ ...HOLD, body: { ...revocation, state: 'suspended' } })
    },
    undefined,
  ],
])('repeated %s', async (_, change, revokedTokens) => {
  const world = await openInterrupted()
  await change(world)
  for (let times = 0; times < 2; times += 1)
    expect(await world.decide()).toMatchObject({ problem: { status: 409 } })
  expect(await world.countRevocations()).toBe(revokedTokens ?? 0)
  expect(await world.readDecision()).toMatchObject({ decision: 'revoke' })
  expect((await world.readDecision())?.revokedTokens).toBe(revokedTokens)
})
