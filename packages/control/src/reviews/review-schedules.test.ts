// Reviews by schedule: each opens once on whatever number of nodes, covers what the schedule says, and ends when it is due
// as the schedule says.
import type { Review, ReviewItem } from '@crosswalk/admin-api'
import { DAY_MS } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { describeOnDatabases } from '../../../../tools/test-databases.ts'
import { systemContext } from '../http/context.ts'
import { openNodes, type TestNode } from '../testing/open-nodes.ts'
import { recordGrant } from '../testing/record-grant.ts'
import { closeDueReviews } from './close-review.ts'
import { openDueReviews } from './open-due-reviews.ts'
import { createReviewHandlers } from './reviews.ts'

const FIRST = Date.parse('2026-06-15T08:00:00.000Z')
const CLIENT = { method: 'client_secret_basic', secret: 'a secret that is long enough: 7Jq2' }
const API = 'https://todo.test/api'
const connect = (app: string, scopes: readonly string[]) => ({
  ...{ id: `${app}-todo`, app, resourceApp: 'todo', clientId: app, resources: [API], scopes },
  ...{ assignments: { users: ['bob'] }, status: 'active' },
})
const SCHEDULE = {
  ...{ id: 'agents', name: 'Agents', kind: 'agent', minRisk: 2, description: 'Audit 7.3' },
  ...{ firstAt: new Date(FIRST).toISOString(), everyDays: 90, daysToDecide: 30, whenDue: 'suspend' },
}
const idp = (change: object = {}) => ({
  users: [{ id: 'bob', username: 'bob' }],
  apps: [
    { id: 'bot', name: 'Bot', kind: 'agent', auth: CLIENT, purpose: 'Tidies up', owners: ['bob'] },
    { id: 'reader', name: 'Reader', kind: 'agent', auth: CLIENT },
    { id: 'web', name: 'Web', kind: 'web', auth: CLIENT },
  ],
  resourceApps: [
    {
      ...{ id: 'todo', name: 'Todo', issuer: 'https://todo.test' },
      resources: [{ id: API, scopes: ['read', 'write'] }],
      scopeMeanings: { read: { risk: 1 }, write: { risk: 2 } },
    },
  ],
  connections: [connect('bot', ['read', 'write']), connect('reader', ['read']), connect('web', ['write'])],
  reviewSchedules: [{ ...SCHEDULE, ...change }],
})

const context = { ...systemContext(''), caller: { id: 'ada', role: 'owner' }, headers: new Headers() }

function createNode({ storage, parts }: TestNode) {
  let nowMs = FIRST
  const all = { ...parts, clock: { nowMs: () => nowMs } }
  const handlers = createReviewHandlers(all)
  const call = async (name: keyof typeof handlers, request: object) =>
    ((await handlers[name](request as never, context as never)) as { body?: object }).body ?? {}
  return {
    storage,
    call,
    at: (days: number, ms = 0) => void (nowMs = FIRST + days * DAY_MS + ms),
    async round() {
      await openDueReviews(all)
      await closeDueReviews(all)
    },
    list: async () =>
      ((await call('reviews.list', { query: { limit: 50, schedule: 'agents' } })) as { items: Review[] })
        .items,
    async itemsOf(id: string) {
      const { items } = (await call('reviews.items', { params: { id }, query: { limit: 50 } })) as {
        items: ReviewItem[]
      }
      return items
    },
    async decisionsOf(id: string) {
      return (await this.itemsOf(id)).map(({ connection, decision }) => [connection, decision?.decision])
    },
  }
}

async function openBoth(database: string, change?: object) {
  const [one, other] = await openNodes(idp(change), FIRST, database)
  return { one: createNode(one), other: createNode(other) }
}

describeOnDatabases('reviews by schedule on $name', (kind) => {
  const start = async (change?: object) => openBoth(await kind.create(), change)
  const openedAt = async (node: { list(): Promise<Review[]> }) =>
    (await node.list()).map(({ openedAt }) => (Date.parse(openedAt) - FIRST) / DAY_MS)

  it('open at the first time, then every period, each once', async () => {
    const { one, other } = await start({ whenDue: 'close' })
    one.at(0, -1)
    await one.round()
    expect(await one.list()).toEqual([])
    one.at(0)
    await Promise.all([one.round(), other.round()])
    await other.round()
    expect(await other.list()).toMatchObject([
      {
        ...{ name: 'Agents', schedule: 'agents', openedBy: 'system', reason: 'Audit 7.3', periodDays: 90 },
        dueAt: new Date(FIRST + 30 * DAY_MS).toISOString(),
      },
    ])
    for (const days of [30, 89, 90, 91, 120, 180]) {
      one.at(days)
      await one.round()
    }
    expect(await openedAt(one)).toEqual([0, 90, 180])
  })

  it('cover the connections that meet all conditions', async () => {
    const { one } = await start()
    await one.round()
    const [review] = await one.list()
    expect(await one.itemsOf(review?.id ?? '')).toMatchObject([
      { connection: 'bot-todo', purpose: 'Tidies up', owners: ['bob'] },
    ])
    const { items } = await one.storage.events.list({ types: ['review.opened'], limit: 9 })
    expect(items).toMatchObject([{ event: { actor: { kind: 'system' }, change: { schedule: 'agents' } } }])
  })

  it('open at once if their first time has passed, and never twice for what was missed', async () => {
    const { one } = await start({ whenDue: 'close' })
    one.at(200)
    await one.round()
    await one.round()
    expect(await openedAt(one)).toEqual([200])
    one.at(269)
    await one.round()
    expect(await openedAt(one)).toEqual([200])
    one.at(270)
    await one.round()
    expect(await openedAt(one)).toEqual([200, 270])
  })

  it.each([
    ['suspend', 'closed', 'suspend', 1],
    ['close', 'closed', undefined, 0],
    ['wait', 'open', undefined, 0],
  ])('that are due: %s', async (whenDue, state, decision, holds) => {
    const { one, other } = await start({ whenDue })
    await one.round()
    const [review] = await one.list()
    one.at(30, -1)
    await one.round()
    expect(await one.list()).toMatchObject([{ state: 'open' }])
    one.at(30)
    other.at(30)
    await Promise.all([one.round(), other.round()])
    expect(await one.list()).toMatchObject([{ state }])
    expect(await one.decisionsOf(review?.id ?? '')).toEqual([['bot-todo', decision]])
    expect(await one.storage.objects.count('holds')).toBe(holds)
    expect(await one.storage.objects.count('review-deadlines')).toBe(0)
    const { items } = await one.storage.events.list({ types: ['review.closed'], limit: 9 })
    expect(items.map(({ event }) => event.reason)).toEqual(state === 'open' ? [] : ['The review was due.'])
  })

  it('leave a review alone that an administrator has closed', async () => {
    const { one } = await start()
    await one.round()
    const [review] = await one.list()
    await one.call('reviews.close', { params: { id: review?.id }, body: { undecided: 'leave' } })
    one.at(30)
    await one.round()
    expect(await one.list()).toMatchObject([{ state: 'closed', closedBy: 'ada' }])
    expect(await one.storage.objects.count('holds')).toBe(0)
  })

  it('wait until the one before is closed', async () => {
    const { one } = await start({ whenDue: 'wait' })
    await one.round()
    const [review] = await one.list()
    one.at(95)
    await one.round()
    expect(await openedAt(one)).toEqual([0])
    const { objects } = one.storage
    const change = { collection: 'reviews', id: review?.id ?? '', by: 'ada', at: FIRST }
    const body = (await objects.find('reviews', change.id))?.body as object
    // Another process is still suspending undecided connections.
    await objects.put({ ...change, body: { ...body, state: 'closing' } })
    await one.round()
    expect(await openedAt(one)).toEqual([0])
    await objects.put({ ...change, body })
    await one.call('reviews.close', { params: { id: review?.id }, body: { undecided: 'leave' } })
    await one.round()
    expect(await openedAt(one)).toEqual([0, 95])
    one.at(180)
    await one.round()
    expect(await one.list()).toHaveLength(2)
  })

  it('are skipped, once and on record, while there is nothing to review', async () => {
    const { one } = await start({ minRisk: 3 })
    await one.round()
    await one.round()
    expect(await one.list()).toEqual([])
    const { items } = await one.storage.events.list({ types: ['review_schedule.skipped'], limit: 9 })
    expect(items.map(({ event }) => event.target)).toEqual([{ kind: 'review_schedule', id: 'agents' }])
  })

  it.each<[string, readonly number[], readonly string[]]>([
    ['since the log began, 45 days ago', [-45 * DAY_MS], ['bot-todo', 'web-todo']],
    ['for a moment less', [-45 * DAY_MS + 1], []],
    ['last used 45 days ago', [-90 * DAY_MS, -45 * DAY_MS], ['bot-todo', 'web-todo']],
    ['last used a moment later', [-90 * DAY_MS, -45 * DAY_MS + 1], ['web-todo']],
  ])('of unused connections cover those unused %s', async (_, used, covered) => {
    const { one } = await start({ kind: undefined, unusedForDays: 45 })
    for (const at of used) await recordGrant(one.storage, 'bot-todo', FIRST + at)
    await one.round()
    const [review] = await one.list()
    const items = review === undefined ? [] : await one.itemsOf(review.id)
    expect(items.map(({ connection }) => connection)).toEqual(covered)
    if (covered.length > 0) expect(review).toMatchObject({ unusedForDays: 45 })
  })

  it.each([
    ['of unused connections', 45, 'keep', 'It was used since the review opened.'],
    ['of all connections', undefined, 'suspend', 'The review was due.'],
  ])('%s, when one was used since it opened: %s', async (_, unusedForDays, decision, reason) => {
    const { one } = await start({ kind: undefined, unusedForDays })
    await recordGrant(one.storage, 'bot-todo', FIRST - 60 * DAY_MS)
    await one.round()
    await recordGrant(one.storage, 'bot-todo', FIRST)
    await recordGrant(one.storage, 'web-todo', FIRST - 1)
    one.at(30)
    await one.round()
    const [review] = await one.list()
    expect(review).toMatchObject({ state: 'closed', reviewers: [] })
    expect(await one.decisionsOf(review?.id ?? '')).toEqual([
      ['bot-todo', decision],
      ['web-todo', 'suspend'],
    ])
    const [{ decision: made } = {}] = await one.itemsOf(review?.id ?? '')
    expect(made).toMatchObject({ by: 'system', automatic: true, reason })
    const holds = await one.storage.objects.list('holds')
    expect(holds.map(({ id }) => id)).toEqual([
      ...(decision === 'keep' ? [] : ['connection:bot-todo']),
      'connection:web-todo',
    ])
  })
})
