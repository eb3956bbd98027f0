// Two processes decide about one connection, or one decides while the other closes the review, each after both have read
// its decisions: the review shows exactly what happened.
import { AsyncLocalStorage } from 'node:async_hooks'

import type { ReviewItem } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import { ACTS } from '../definitions/stored-acts.ts'
import { systemContext } from '../http/context.ts'
import { buildEtag } from '../http/etag.ts'
import { openNodes, type TestNode } from '../testing/open-nodes.ts'
import { buildOpening, findItems, findReview, type ReviewRecord } from './review-records.ts'
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
const contextOf = (id: string) => ({
  ...systemContext('a test'),
  ...{ caller: { id, role: 'owner' }, headers: new Headers() },
})

/** @param user - another one at each node: the user who changes the connection may not decide about it any more */
function createNode({ storage, parts }: TestNode, user: string) {
  const context = contextOf(user)
  /** Called once this node has read decisions of a review */
  const onRead: (() => Promise<unknown>)[] = []
  // What another node does is not part of the use case here.
  const outside = AsyncLocalStorage.snapshot()
  const objects: typeof storage.objects = {
    ...storage.objects,
    async findMany(collection, ids) {
      const found = await storage.objects.findMany(collection, ids)
      if (collection === 'review-decisions') await outside(async () => onRead.shift()?.())
      return found
    },
    async countByKeys(collection, prefix) {
      const found = await storage.objects.countByKeys(collection, prefix)
      await outside(async () => onRead.shift()?.())
      return found
    },
  }
  const handlers = createReviewHandlers({ ...parts, storage: { ...storage, objects } })
  const decide = (decision: string, input: object = {}, ifMatch?: string) =>
    handlers['reviews.decide'](
      { params: { id: 'rev_1', connection: 'raced' }, body: { decision, ...input } } as never,
      { ...context, ifMatch } as never,
    )
  const review = async () =>
    (
      (await handlers['reviews.read']({ params: { id: 'rev_1' } } as never, context as never)) as {
        body: object
      }
    ).body
  const close = (undecided: string | undefined = 'suspend') =>
    handlers['reviews.close']({ params: { id: 'rev_1' }, body: { undecided } } as never, context as never)
  /** Number of items that a reviewer decided */
  const countOf = async (reviewer: string) => {
    const request = { params: { id: 'rev_1' }, query: { limit: 9, reviewer } }
    const { body } = (await handlers['reviews.items'](request as never, context as never)) as {
      readonly body: { readonly items: readonly ReviewItem[] }
    }
    return body.items.length
  }
  return { storage, directory: parts.directory, onRead, decide, close, review, countOf }
}

async function openBoth() {
  const nodes = await openNodes(IDP, NOW)
  const [one, other] = [createNode(nodes[0], 'ada'), createNode(nodes[1], 'otto')]
  const change = { collection: 'connections', id: 'raced', by: 'maker', at: 0 }
  expect(await one.directory.put({ ...change, body: CONNECTION })).toMatchObject({ ok: true })
  const evidence = { lastUsedAt: null, uses: 1, people: 1, assigned: 1, grants: [], examined: 1 }
  // The connection lost one of the scopes that were used.
  const used = { usedScopes: ['read', 'removed'], unusedScopes: ['write'] }
  const { id: connection, app, resourceApp, scopes } = CONNECTION
  const item = { connection, app, resourceApp, owners: [], scopes, expiresAt: null, suggestion: 'narrow' }
  const about = {
    id: 'rev_1',
    name: 'Q3',
    state: 'open',
    periodDays: 90,
    whenDue: 'wait',
    reason: 'yearly',
  } as const
  const items = [{ ...item, evidence: { ...evidence, ...used } } as ReviewItem]
  const openedAt = new Date(NOW).toISOString()
  const opened = buildOpening(
    { clock },
    contextOf('ada') as never,
    { ...about, openedBy: 'ada', openedAt },
    items,
  )
  const openReview = async () => (await one.storage.objects.changeAll(opened.steps)).ok
  expect(await openReview()).toBe(true)
  /** @returns what the review shows, and what is in effect */
  const read = async () => {
    const { objects } = one.storage
    const review = (await findReview(one, 'rev_1')) as ReviewRecord
    const [found] = await findItems(one, review, ['raced'])
    const { state } = review
    const hold = (await objects.find(ACTS.holds, 'connection:raced'))?.body as { state: string } | undefined
    const now = (await objects.find('connections', 'raced'))?.body as typeof CONNECTION
    const users = now.assignments.users.join()
    return { state, decision: found?.decision?.decision, held: hold?.state, scopes: now.scopes, users }
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

it('a connection that was decided meanwhile is reported as such, not as an earlier state of the review', async () => {
  const { one, other } = await openBoth()
  expect(await one.decide('keep')).toMatchObject({ status: 200 })
  const detail = 'ada has already decided about it.'
  expect(await other.decide('revoke', {}, '"before"')).toMatchObject({ problem: { status: 409, detail } })
})

it('a decision about the current state of the review, as it was read, takes effect', async () => {
  const { one } = await openBoth()
  expect(await one.decide('keep', {}, buildEtag(await one.review()))).toMatchObject({ status: 200 })
})

it('what closing the review decided is no decision of the user who closed it', async () => {
  const [decided, closed] = [await openBoth(), await openBoth()]
  expect(await decided.one.decide('keep')).toMatchObject({ status: 200 })
  expect(await closed.one.close()).toMatchObject({ status: 200 })
  expect((await closed.read()).decision).toBe('suspend')
  expect([await decided.one.countOf('ada'), await closed.one.countOf('ada')]).toEqual([1, 0])
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
