// A review that suspends many connections is closed part by part. A process that ends in between leaves what another one
// continues, and nothing happens twice or without its event.
import type { Review } from '@crosswalk/admin-api'
import { MINUTE_MS } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { describeOnDatabases } from '../../../../tools/test-databases.ts'
import { ACTS } from '../definitions/stored-acts.ts'
import { systemContext } from '../http/context.ts'
import { openNodes, type TestNode } from '../testing/open-nodes.ts'
import { closeDueReviews, continueClosings } from './close-review.ts'
import { createReviewHandlers } from './reviews.ts'

const NOW = Date.parse('2026-06-15T08:00:00.000Z')
const CLIENT = { method: 'client_secret_basic', secret: 'a secret that is long enough: 7Jq2' }
const names = (kind: string, count: number) => Array.from({ length: count }, (_, at) => `${kind}-${at + 10}`)
/** Connections: two parts and a half */
const [APPS, RESOURCE_APPS] = [names('app', 25), names('product', 10)]
const IDP = {
  users: [{ id: 'usr_bob', username: 'bob' }],
  apps: APPS.map((id) => ({ id, name: id, kind: 'agent', auth: CLIENT })),
  resourceApps: RESOURCE_APPS.map((id) => ({
    ...{ id, name: id, issuer: `https://${id}.test` },
    resources: [{ id: `https://${id}.test/api`, scopes: ['read'] }],
  })),
  connections: APPS.flatMap((app) =>
    RESOURCE_APPS.map((resourceApp) => ({
      ...{ id: `${app}-${resourceApp}`, app, resourceApp, clientId: app, status: 'active' },
      ...{
        resources: [`https://${resourceApp}.test/api`],
        scopes: ['read'],
        assignments: { users: ['usr_bob'] },
      },
    })),
  ),
}
const ALL = IDP.connections.length
const FIRST = 'app-10-product-10'
const LAST = 'app-34-product-19'

const context = {
  ...systemContext('time is up'),
  caller: { id: 'ada', role: 'owner', session: 'a secret' },
  headers: new Headers(),
}

type Answer = Partial<Pick<Review, 'id' | 'state' | 'counts'>>

function createNode({ storage, parts }: TestNode) {
  let [nowMs, left] = [NOW, Infinity]
  const sizes: number[] = []
  const before = new Map<number, () => Promise<unknown>>()
  const objects: typeof storage.objects = {
    ...storage.objects,
    async changeAll(steps, basis) {
      left -= 1
      if (left < 0) throw new Error('killed')
      sizes.push(steps.length)
      await before.get(sizes.length)?.()
      return storage.objects.changeAll(steps, basis)
    },
  }
  const all = { ...parts, storage: { ...storage, objects }, clock: { nowMs: () => nowMs } }
  const handlers = createReviewHandlers(all)
  const call = async (name: keyof typeof handlers, request: object) => {
    const { body = {} } = (await handlers[name](request as never, context as never)) as { body?: Answer }
    return body
  }
  return {
    ...{ storage, parts, call, sizes },
    killedAfter: (changes: number) => void (left = changes),
    /** @param number - of the change, from 1 */
    beforeChange: (number: number, act: () => Promise<unknown>) => void before.set(number, act),
    at: (ms: number) => void (nowMs = ms),
    close: (id: string) => call('reviews.close', { params: { id }, body: { undecided: 'suspend' } }),
    read: (id: string) => call('reviews.read', { params: { id } }),
    round: () => continueClosings(all),
    closeDue: () => closeDueReviews(all),
  }
}

async function openReview(database: string) {
  const nodes = await openNodes(IDP, NOW, database)
  const [one, other] = [createNode(nodes[0]), createNode(nodes[1])]
  const { id = '' } = await one.call('reviews.create', {
    body: { name: 'Q3', periodDays: 90, reason: 'yearly' },
  })
  const params = { id, connection: FIRST }
  await one.call('reviews.decide', { params, body: { decision: 'keep' } })
  one.sizes.length = 0
  const read = async () => {
    const { state, counts } = await other.read(id)
    const holds = await one.storage.objects.count(ACTS.holds)
    return { state, suspended: counts?.suspend, holds }
  }
  const count = async (type: string) => {
    const { items } = await one.storage.events.list({ types: [type], limit: 999 })
    const actors = new Set(items.map(({ event: { actor, reason } }) => `${actor.id}: ${reason}`))
    return [items.length, ...actors]
  }
  const expectClosed = async () => {
    expect(await read()).toEqual({ state: 'closed', suspended: ALL - 1, holds: ALL - 1 })
    expect(await count('review.closed')).toEqual([1, 'ada: time is up'])
    expect(await count('review.decided')).toEqual([ALL, 'ada: time is up'])
    expect(await count('connection.suspended')).toEqual([ALL - 1, 'ada: time is up'])
    expect(await one.storage.objects.count('review-closings')).toBe(0)
    expect(await one.storage.objects.count('removals')).toBe(ALL - 1)
  }
  return { one, other, id, read, expectClosed }
}

describeOnDatabases('closing a review on $name', (kind) => {
  const openBoth = async () => openReview(await kind.create())

  it('is committed in parts of at most 100 connections', async () => {
    const { one, id, expectClosed } = await openBoth()
    expect(await one.close(id)).toMatchObject({ state: 'closed', closedBy: 'ada', counts: { undecided: 0 } })
    // Each connection with its hold, its decision and its removal
    expect(one.sizes).toEqual([2, 3 * 99, 3 * 100, 3 * 50, 2])
    await expectClosed()
  })

  it.each([[1], [2], [3], [4]])(
    'a process that ends after %d changes leaves the rest to another one',
    async (changes) => {
      const { one, other, id, read, expectClosed } = await openBoth()
      one.killedAfter(changes)
      await expect(one.close(id)).rejects.toThrow('killed')
      const suspended = [0, 99, 199, 249][changes - 1]
      expect(await read()).toEqual({ state: 'closing', suspended, holds: suspended })
      const params = { id, connection: LAST }
      expect(await other.call('reviews.decide', { params, body: { decision: 'keep' } })).toEqual({})
      expect(JSON.stringify(await one.storage.objects.list('review-closings'))).not.toContain('a secret')
      other.at(NOW + MINUTE_MS - 1)
      await other.round()
      expect(await read()).toMatchObject({ state: 'closing' })
      other.at(NOW + MINUTE_MS)
      await other.round()
      await expectClosed()
      await other.round()
      await expectClosed()
    },
  )

  it('one that cannot be read does not hold up the others', async () => {
    const { one, other, id } = await openBoth()
    const due = { dueAt: new Date(NOW + 1).toISOString(), whenDue: 'close' }
    const second = await one.call('reviews.create', {
      body: { name: 'Q4', periodDays: 90, reason: 'yearly', ...due },
    })
    one.killedAfter(1)
    await expect(one.close(id)).rejects.toThrow('killed')
    const store = (collection: string, body: object) =>
      other.storage.objects.put({ collection, id: 'a', body, by: 'adm', at: NOW })
    await store('reviews', { id: 'a', name: 'of another version' })
    await store('review-deadlines', due)
    await store('review-closings', { caller: { id: 'ada', role: 'owner' }, reason: 'time is up' })
    other.at(NOW + MINUTE_MS)
    const unreadable = /^reviews\/a in the database cannot be read/
    await expect(other.closeDue()).rejects.toThrow(unreadable)
    expect(await other.read(second.id ?? '')).toMatchObject({ state: 'closed' })
    await expect(other.round()).rejects.toThrow(unreadable)
    expect(await other.read(id)).toMatchObject({ state: 'closed', counts: { undecided: 0 } })
  })

  it('the same request continues it too', async () => {
    const { one, other, id, expectClosed } = await openBoth()
    one.killedAfter(2)
    await expect(one.close(id)).rejects.toThrow('killed')
    expect(await other.close(id)).toMatchObject({ state: 'closed' })
    await expectClosed()
    expect(await other.close(id)).toEqual({})
  })

  it('two processes may continue it at the same time', async () => {
    const { one, other, id, expectClosed } = await openBoth()
    one.killedAfter(1)
    await expect(one.close(id)).rejects.toThrow('killed')
    one.killedAfter(Infinity)
    await Promise.all([one.close(id), other.close(id)])
    await expectClosed()
  })

  it('a connection that another administrator revokes meanwhile stays revoked and undecided', async () => {
    const { one, other, id, read } = await openBoth()
    const about = { kind: 'connection', target: LAST, state: 'revoked', by: 'eve' }
    const hold = { ...about, since: new Date(NOW).toISOString() }
    const revoke = { collection: ACTS.holds, id: `connection:${LAST}`, by: 'eve', at: NOW, body: hold }
    one.beforeChange(4, () => other.storage.objects.put(revoke))
    expect(await one.close(id)).toMatchObject({ state: 'closed', counts: { undecided: 1, suspend: ALL - 2 } })
    expect(one.sizes).toEqual([2, 3 * 99, 3 * 100, 3 * 50, 3 * 49, 2])
    expect(await read()).toEqual({ state: 'closed', suspended: ALL - 2, holds: ALL - 1 })
    expect((await one.storage.objects.find(ACTS.holds, `connection:${LAST}`))?.body).toEqual(hold)
  })
})
