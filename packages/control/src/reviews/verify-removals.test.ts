// When removals are checked again, until when an ID-JAG from before the decision counts, and that two processes record one
// proof.
import type { ReviewItem } from '@crosswalk/admin-api'
import { MINUTE_MS } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { systemContext } from '../http/context.ts'
import { openNodes } from '../testing/open-nodes.ts'
import { recordGrant } from '../testing/record-grant.ts'
import { createReviewHandlers } from './reviews.ts'
import { createRemovalRounds } from './verify-removals.ts'

const CLIENT = { method: 'client_secret_basic', secret: 'a secret that is long enough: 7Jq2' }
const IDP = {
  users: [{ id: 'usr_bob', username: 'bob' }],
  apps: [{ id: 'agent0', name: 'Agent0', kind: 'agent', auth: CLIENT, assignments: { everyone: true } }],
  resourceApps: [
    {
      ...{ id: 'todo0', name: 'Todo0', issuer: 'https://as.test', assignments: { everyone: true } },
      resources: [{ id: 'https://todo.test', scopes: ['read', 'write'] }],
    },
  ],
  connections: [
    {
      ...{ id: 'con', app: 'agent0', resourceApp: 'todo0', clientId: 'agent0-there', status: 'active' },
      ...{ resources: ['https://todo.test'], scopes: ['read'], assignments: { users: ['usr_bob'] } },
    },
  ],
}
const NOW = Date.parse('2026-06-15T08:00:00.000Z')
/** An ID-JAG and an access token of an authorization server elsewhere, and the clocks */
const FOREIGN_MS = (300 + 3600 + 60) * 1000
const SKEW_MS = 30_000
const context = { ...systemContext('a test'), caller: { id: 'ada', role: 'owner' }, headers: new Headers() }

async function openReview() {
  const nodes = await openNodes(IDP, NOW)
  let nowMs = NOW
  const clock = { nowMs: () => nowMs }
  const [one, other] = nodes.map(({ parts }) => ({
    ...parts,
    clock,
    round: createRemovalRounds(),
  }))
  if (one === undefined || other === undefined) throw new Error('there are two')
  const handlers = createReviewHandlers(one)
  const call = (name: keyof typeof handlers, request: object) =>
    handlers[name](request as never, context as never) as Promise<{
      status: number
      body: ReviewItem & { readonly id: string; readonly items: readonly ReviewItem[] }
    }>
  const issue = (at: number, scopes?: readonly string[]) => recordGrant(one.storage, 'con', at, scopes)
  const body = { name: 'Q3', periodDays: 90, reason: 'yearly' }
  const { id } = (await call('reviews.create', { body })).body
  return {
    ...{ one, other, issue },
    at: (ms: number) => void (nowMs = ms),
    revoke: async () =>
      (await call('reviews.decide', { params: { id, connection: 'con' }, body: { decision: 'revoke' } })).body
        .decision?.removal,
    removal: async () =>
      (await call('reviews.items', { params: { id }, query: { limit: 9 } })).body.items[0]?.decision?.removal,
    proofs: async () => {
      const { items } = await one.storage.events.list({ types: ['removal.verified'], limit: 9 })
      return items.length
    },
  }
}

it('an unused connection to an authorization server elsewhere is verified at once', async () => {
  const { revoke, proofs } = await openReview()
  expect(await revoke()).toMatchObject({ state: 'verified', simulated: 1, endsBy: null })
  expect(await proofs()).toBe(1)
})

it('the proof names the review and the connection, with the decision and what was verified', async () => {
  const { one, revoke, removal } = await openReview()
  await revoke()
  const { items } = await one.storage.events.list({ types: ['removal.verified'], limit: 9 })
  const decision = { decision: 'revoke', by: 'ada', removal: await removal() }
  expect(items.map(({ event }) => event)).toMatchObject([
    {
      target: { kind: 'review', id: expect.stringMatching(/^rev_/) as string },
      delegation: { connection: 'con' },
      change: { item: { connection: 'con', decision } },
    },
  ])
  expect(decision.removal).toMatchObject({ state: 'verified' })
})

it.each([
  ['just issued', NOW, 'pending'],
  ['that may be valid for another moment', NOW - FOREIGN_MS + 1, 'pending'],
  ['that has just expired, with its access tokens', NOW - FOREIGN_MS, 'verified'],
])('an ID-JAG %s', async (_, issuedAt, state) => {
  const { issue, revoke } = await openReview()
  await issue(issuedAt)
  const endsBy = state === 'pending' ? new Date(issuedAt + FOREIGN_MS).toISOString() : null
  expect(await revoke()).toMatchObject({ state, issued: 0, endsBy })
})

it('a removal is verified once what was issued before has expired, and recorded once by two processes', async () => {
  const { one, other, issue, at, revoke, removal, proofs } = await openReview()
  await issue(NOW)
  expect(await revoke()).toMatchObject({ state: 'pending' })
  at(NOW + FOREIGN_MS - 1)
  await one.round(one)
  expect([await removal(), await proofs()]).toMatchObject([{ state: 'pending' }, 0])
  at(NOW + 2 * FOREIGN_MS)
  await Promise.all([one.round(one), other.round(other)])
  expect([await removal(), await proofs()]).toMatchObject([{ state: 'verified', endsBy: null }, 1])
  at(NOW + 9 * FOREIGN_MS)
  await one.round(one)
  expect(await proofs()).toBe(1)
})

it.each([
  ['within the tolerance of clocks', NOW + SKEW_MS - 1, 0, 'verified'],
  ['later', NOW + SKEW_MS, 1, 'pending'],
])('an ID-JAG issued after the decision, %s', async (_, issuedAt, issued, state) => {
  const { one, issue, at, revoke, removal } = await openReview()
  await issue(NOW)
  await revoke()
  await issue(issuedAt)
  at(NOW + 2 * FOREIGN_MS)
  await one.round(one)
  expect(await removal()).toMatchObject({ state, issued })
})

it.each([
  ['a minute', 0, MINUTE_MS],
  ['a tenth of its age', 100 * MINUTE_MS, (100 * MINUTE_MS) / 9],
])(
  'a removal that is pending is checked again after %s, and stored if that shows more',
  async (_, age, pause) => {
    const { one, issue, at, revoke, removal } = await openReview()
    await issue(NOW)
    await revoke()
    await issue(NOW + SKEW_MS)
    at(NOW + age)
    await one.round(one)
    const revision = await one.storage.objects.revision()
    const next = NOW + age + Math.ceil(pause)
    at(next)
    await one.round(one)
    expect(await one.storage.objects.revision()).toBe(revision)
    await issue(NOW + SKEW_MS + 1)
    const later = next + Math.ceil(Math.max(MINUTE_MS, (next - NOW) / 9))
    at(later - 1)
    await one.round(one)
    expect(await removal()).toMatchObject({ issued: 1 })
    at(later)
    await one.round(one)
    expect(await removal()).toMatchObject({ issued: 2, since: new Date(later).toISOString() })
  },
)
