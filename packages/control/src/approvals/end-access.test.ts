// An access grant ends together with the access request that led to it: a process that is killed right after the first
// change leaves no request that says "approved".
import type { AccessRequest } from '@crosswalk/admin-api'
import { openStorage } from '@crosswalk/storage'
import { expect, it, vi } from 'vitest'

import type { AccessGrantRecord } from '../definitions/records.ts'
import { ACTS } from '../definitions/stored-acts.ts'
import type { SharedParts } from '../parts.ts'
import { systemContext } from '../http/context.ts'
import { endDueAccess, describeStaleGrants, revokeGrants } from './end-access.ts'

const NOW = Date.parse('2026-06-15T08:00:00.000Z')
const about = { user: 'bob', app: 'agent', resourceApp: 'todo', scopes: ['todos.read'] }
const at = new Date(0).toISOString()

it('ends grant and request, or neither', async () => {
  const storage = await openStorage('sqlite::memory:')
  const { objects } = storage
  const grant = {
    ...{ ...about, id: 'acg-1', connection: 'agent-todo', request: 'req-1', state: 'active' },
    ...{ by: 'alice', at, until: new Date(NOW - 1).toISOString() },
  } as AccessGrantRecord
  const request = {
    ...{ ...about, id: 'req-1', state: 'approved', reason: 'once', askedBy: 'bob', askedAt: at },
  } as AccessRequest
  const by = { by: 'test', at: 0 }
  const revoked: AccessGrantRecord = { ...grant, id: 'acg-2', request: 'req-2', state: 'revoked' }
  for (const one of [grant, revoked])
    await objects.put({ collection: ACTS.accessGrants, id: one.id, body: one, ...by })
  await objects.put({ collection: ACTS.requests, id: request.id, body: request, ...by })
  let changes = 0
  const killedAfterOne = <T>(change: () => Promise<T>): Promise<T> => {
    changes += 1
    return changes > 1 ? Promise.reject(new Error('killed')) : change()
  }
  const parts = {
    storage,
    clock: { nowMs: () => NOW },
    inTurn: <T>(work: () => Promise<T>) => work(),
    directory: {
      current: () => ({ world: { accessGrants: new Map([grant, revoked].map((one) => [one.id, one])) } }),
      put: (change: Parameters<typeof objects.put>[0]) => killedAfterOne(() => objects.put(change)),
      changeAll: (steps: Parameters<typeof objects.changeAll>[0]) =>
        killedAfterOne(() => objects.changeAll(steps)),
    },
  } as unknown as SharedParts
  await endDueAccess(parts).catch(() => undefined)
  expect((await objects.find(ACTS.accessGrants, grant.id))?.body).toMatchObject({ state: 'ended' })
  expect((await objects.find(ACTS.requests, request.id))?.body).toMatchObject({ state: 'ended' })
  // Another process that does not know it yet ends the grant again, and the request only once.
  changes = 0
  await endDueAccess(parts)
  expect(await objects.history(ACTS.requests, request.id)).toHaveLength(2)
  // One that was revoked stays so when its time is over.
  expect((await objects.find(ACTS.accessGrants, revoked.id))?.body).toEqual(revoked)
  await storage.close()
})

it('revokes the tokens of every grant, and tells servers elsewhere in the same transaction', async () => {
  const storage = await openStorage('sqlite::memory:')
  const grants = ['bob', 'carol'].map(
    (user) =>
      ({
        ...{ ...about, user, id: `acg-${user}`, connection: 'agent-todo', state: 'active', by: 'alice', at },
      }) as AccessGrantRecord,
  )
  const told: object[] = []
  const parts = {
    storage,
    clock: { nowMs: () => NOW },
    directory: {
      current: () => ({
        world: { connections: new Map([['agent-todo', { definition: { id: 'agent-todo' } }]]) },
        users: { findById: async (id: string) => ({ id }) },
      }),
      changeAll(steps: Parameters<typeof storage.objects.changeAll>[0]) {
        told.push(...steps.flatMap(({ securityEvents = [] }) => securityEvents.map(({ claims }) => claims)))
        return storage.objects.changeAll(steps)
      },
    },
    signals: {
      buildEvents: (signals: readonly { readonly user: { readonly id: string } }[]) =>
        signals.map((claims) => ({ id: claims.user.id, stream: 'str_a', claims, createdAt: NOW })),
    },
    // A second pass finds nothing more.
    revoker: { revokeUserOf: vi.fn(async () => 0).mockResolvedValueOnce(1) },
  }
  const found = await revokeGrants(
    parts as unknown as Parameters<typeof revokeGrants>[0],
    systemContext('they left'),
    grants,
  )
  expect(found).toMatchObject({ grants: [{ state: 'revoked' }, { state: 'revoked' }], revokedTokens: 1 })
  const users = parts.revoker.revokeUserOf.mock.calls.map((call: readonly unknown[]) => call[1])
  expect(users).toEqual([{ id: 'bob' }, { id: 'bob' }, { id: 'carol' }, { id: 'carol' }])
  expect(told).toMatchObject(
    ['bob', 'carol'].map((id) => ({ user: { id }, connections: [{ id: 'agent-todo' }] })),
  )
  await storage.close()
})

const CONNECTION = { id: 'agent-todo', app: 'agent', resourceApp: 'todo' }
it.each<
  [string, Parameters<typeof describeStaleGrants>[2]['collection'], object, object | undefined, boolean]
>([
  ['with its user', 'users', { id: 'bob' }, undefined, true],
  ['with no other user', 'users', { id: 'carol' }, undefined, false],
  ['with no change of its user', 'users', { id: 'bob' }, { id: 'bob' }, false],
  ['with its connection', 'connections', CONNECTION, undefined, true],
  [
    'when its connection leads elsewhere',
    'connections',
    CONNECTION,
    { ...CONNECTION, resourceApp: 'notes' },
    true,
  ],
  ['when its connection is of another app', 'connections', CONNECTION, { ...CONNECTION, app: 'robot' }, true],
  ['with no other change of its connection', 'connections', CONNECTION, { ...CONNECTION, scopes: [] }, false],
])('an access grant ends %s', async (_, collection, before, after, ends) => {
  const grant = {
    ...{ ...about, id: 'acg-1', connection: 'agent-todo', state: 'active', by: 'alice', at },
  } as AccessGrantRecord
  const parts = {
    clock: { nowMs: () => NOW },
    directory: { current: () => ({ world: { accessGrants: new Map([[grant.id, grant]]) } }) },
  } as unknown as SharedParts
  const change = { collection, before, after } as Parameters<typeof describeStaleGrants>[2]
  const steps = await describeStaleGrants(parts, systemContext('a change'), change)
  expect(steps.map(({ body }) => body)).toMatchObject(ends ? [{ id: 'acg-1', state: 'ended' }] : [])
})

it('an access grant that was revoked stays so when its user goes', async () => {
  const grant = { ...about, id: 'acg-1', connection: 'agent-todo', state: 'revoked', by: 'alice', at }
  const parts = {
    clock: { nowMs: () => NOW },
    directory: { current: () => ({ world: { accessGrants: new Map([[grant.id, grant]]) } }) },
  } as unknown as SharedParts
  const change = { collection: 'users', before: { id: 'bob' }, after: undefined } as never
  expect(await describeStaleGrants(parts, systemContext('a change'), change)).toEqual([])
})

it('an access grant that is prolonged while the end waits for its turn does not end', async () => {
  const until = (ms: number) => new Date(NOW + ms).toISOString()
  const grant = { ...about, id: 'acg-1', connection: 'agent-todo', state: 'active', by: 'alice', at }
  const accessGrants = new Map([[grant.id, { ...grant, until: until(-1) }]])
  const changeAll = vi.fn(async () => ({ ok: true, revision: 1 }))
  const parts = {
    clock: { nowMs: () => NOW },
    inTurn(work: () => Promise<unknown>) {
      accessGrants.set(grant.id, { ...grant, until: until(1000) })
      return work()
    },
    directory: { current: () => ({ world: { accessGrants } }), changeAll },
  } as unknown as SharedParts
  await endDueAccess(parts)
  expect(changeAll.mock.calls.flat(2)).toEqual([])
})
