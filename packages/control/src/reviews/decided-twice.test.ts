// Two processes decide about one connection, or one decides while the other closes the review, each after both have read
// the review: the review shows exactly what happened.
import type { Review } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import { ACTS } from '../definitions/stored-acts.ts'
import { systemContext } from '../http/context.ts'
import { openNodes, type TestNode } from '../testing/open-nodes.ts'
import { buildReviewChange, findReview } from './review-records.ts'
import { createReviewHandlers } from './reviews.ts'

const CLIENT = { method: 'client_secret_basic', secret: 'a secret that is long enough: 7Jq2' }
const IDP = {
  users: [{ id: 'usr_bob', username: 'bob' }],
  apps: [{ id: 'agent0', name: 'Agent0', kind: 'agent', auth: CLIENT }],
  resourceApps: [
    {
      ...{ id: 'todo0', name: 'Todo0', issuer: 'https://as.test' },
      resources: [{ id: 'https://todo.test', scopes: ['read', 'write'] }],
    },
  ],
  connections: [],
}
const CONNECTION = {
  ...{ id: 'raced', app: 'agent0', resourceApp: 'todo0', clientId: 'agent0-there', status: 'active' },
  ...{ resources: ['https://todo.test'], scopes: ['read', 'write'], assignments: { users: ['usr_bob'] } },
}
const NOW = Date.parse('2026-06-15T08:00:00.000Z')
const clock = { nowMs: () => NOW }
const context = { ...systemContext('a test'), caller: { id: 'ada', role: 'owner' }, headers: new Headers() }

function createNode({ storage, parts }: TestNode) {
  /** Called once this node has read a review */
  const onRead: (() => Promise<unknown>)[] = []
  const objects: typeof storage.objects = {
    ...storage.objects,
    async find(collection, id) {
      const found = await storage.objects.find(collection, id)
      if (collection === 'reviews') await onRead.shift()?.()
      return found
    },
  }
  const handlers = createReviewHandlers({ ...parts, storage: { ...storage, objects } })
  const decide = (decision: string, input: object = {}, ifMatch?: string) =>
    handlers['reviews.decide'](
      { params: { id: 'rev_1', connection: 'raced' }, body: { decision, ...input } } as never,
      { ...context, ifMatch } as never,
    )
  const close = (undecided: string | undefined = 'suspend') =>
    handlers['reviews.close']({ params: { id: 'rev_1' }, body: { undecided } } as never, context as never)
  return { storage, directory: parts.directory, onRead, decide, close }
}

async function openBoth() {
  const nodes = await openNodes(IDP, NOW)
  const [one, other] = [createNode(nodes[0]), createNode(nodes[1])]
  const change = { collection: 'connections', id: 'raced', by: 'maker', at: 0 }
  expect(await one.directory.put({ ...change, body: CONNECTION })).toMatchObject({ ok: true })
  const evidence = { lastUsedAt: null, uses: 1, people: 1, assigned: 1, grants: [], examined: 1 }
  // The connection lost one of the scopes that were used.
  const used = { usedScopes: ['read', 'removed'], unusedScopes: ['write'] }
  const { id: connection, app, resourceApp, scopes } = CONNECTION
  const item = { connection, app, resourceApp, scopes, expiresAt: null, suggestion: 'narrow' }
  const review = {
    ...{ id: 'rev_1', name: 'Q3', state: 'open', periodDays: 90, reason: 'yearly', openedBy: 'ada' },
    ...{ openedAt: new Date(NOW).toISOString(), items: [{ ...item, evidence: { ...evidence, ...used } }] },
  } as Review
  const opened = buildReviewChange({ clock }, context as never, { review, type: 'review.opened' })
  const openReview = async () => (await one.storage.objects.put(opened)).ok
  expect(await openReview()).toBe(true)
  /** @returns what the review shows, and what is in effect */
  const read = async () => {
    const { objects } = one.storage
    const { state, items } = (await findReview(one, 'rev_1')) as Review
    const hold = (await objects.find(ACTS.holds, 'connection:raced'))?.body as { state: string } | undefined
    const now = (await objects.find('connections', 'raced'))?.body as typeof CONNECTION
    const users = now.assignments.users.join()
    return { state, decision: items[0]?.decision?.decision, held: hold?.state, scopes: now.scopes, users }
  }
  return { one, other, read, openReview }
}

const BOTH = ['read', 'write']
const users = 'usr_bob'

it.each([
  ['keep', 'revoke', undefined, BOTH],
  ['revoke', 'keep', 'revoked', BOTH],
  ['narrow', 'revoke', undefined, ['read']],
  ['keep', 'narrow', undefined, BOTH],
])('the first decision is %s, and the second one, %s, has no effect', async (first, second, held, scopes) => {
  const { one, other, read } = await openBoth()
  one.onRead.push(async () => expect(await other.decide(first)).toMatchObject({ status: 200 }))
  expect(await one.decide(second)).toMatchObject({ problem: { status: 409 } })
  expect(await read()).toEqual({ state: 'open', decision: first, held, scopes, users })
})

it.each([
  ['keep', undefined, BOTH],
  ['revoke', 'revoked', BOTH],
  ['narrow', undefined, ['read']],
])(
  'a review that is closed after the decision %s does not suspend the connection',
  async (first, held, scopes) => {
    const { one, other, read } = await openBoth()
    one.onRead.push(async () => expect(await other.decide(first)).toMatchObject({ status: 200 }))
    expect(await one.close()).toMatchObject({ status: 200 })
    expect(await read()).toEqual({ state: 'closed', decision: first, held, scopes, users })
  },
)

it('a decision after the review was closed has no effect', async () => {
  const { one, other, read } = await openBoth()
  one.onRead.push(async () => expect(await other.close()).toMatchObject({ status: 200 }))
  expect(await one.decide('revoke')).toMatchObject({ problem: { status: 409 } })
  expect(await read()).toEqual({
    state: 'closed',
    decision: 'suspend',
    held: 'suspended',
    scopes: BOTH,
    users,
  })
})

it('a review that is closed while the tokens of a revoked connection are revoked stays closed', async () => {
  const { one, other, read } = await openBoth()
  one.onRead.push(
    async () => undefined,
    async () => expect(await other.close()).toMatchObject({ status: 200 }),
  )
  expect(await one.decide('revoke')).toMatchObject({ status: 200 })
  expect(await read()).toEqual({ state: 'closed', decision: 'revoke', held: 'revoked', scopes: BOTH, users })
})

it('a review that is closed without suspending leaves undecided connections alone', async () => {
  const { one, read } = await openBoth()
  expect(await one.close('keep')).toMatchObject({ status: 200 })
  expect(await read()).toMatchObject({ state: 'closed', decision: undefined, held: undefined })
})

it('a decision about an earlier state of the review is refused', async () => {
  const { one, read } = await openBoth()
  expect(await one.decide('revoke', {}, '"before"')).toMatchObject({ problem: { status: 412 } })
  expect(await read()).toMatchObject({ decision: undefined, held: undefined })
  expect(await one.decide('revoke', {}, '*')).toMatchObject({ status: 200 })
})

it('a decision that only removes a user assigned by name takes effect', async () => {
  const { one, read } = await openBoth()
  expect(await one.decide('narrow', { removeUsers: ['usr_bob'] })).toMatchObject({ status: 200 })
  expect(await read()).toMatchObject({ decision: 'narrow', scopes: BOTH, users: '' })
})

it('a review that was opened before is not opened again, which would lose its decisions', async () => {
  const { one, read, openReview } = await openBoth()
  expect(await one.decide('keep')).toMatchObject({ status: 200 })
  expect(await openReview()).toBe(false)
  expect(await read()).toMatchObject({ decision: 'keep' })
})
