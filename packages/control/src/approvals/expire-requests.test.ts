// Undecided requests: when they expire, at both edges; that many expire in few changes; and that a decision made in the
// meantime is kept.
import type { AccessRequest } from '@crosswalk/admin-api'
import { openStorage } from '@crosswalk/storage'
import { expect, it } from 'vitest'

import { COLLECTION, storeRequests } from './access-request-records.ts'
import { systemContext } from '../http/context.ts'
import { expireOpenRequests, MAX_AT_ONCE } from './expire-requests.ts'

const NOW = Date.parse('2026-06-15T08:00:00.000Z')
const OPEN_MS = 14 * 86_400_000

function build(id: string, askedAt: number, state: AccessRequest['state'] = 'open'): AccessRequest {
  return {
    ...{ id, state, user: 'alice', app: 'agent', resourceApp: 'todo', scopes: ['todos.read'] },
    ...{ reason: 'once', askedBy: 'helpdesk', askedAt: new Date(askedAt).toISOString() },
  }
}

/** @param meanwhile - requests a user stores before expiry gets its turn */
async function expire(requests: readonly AccessRequest[], meanwhile: readonly AccessRequest[] = []) {
  await using storage = await openTestStorage()
  const { objects } = storage
  let reads = 0
  const counted: typeof objects = {
    ...objects,
    list(collection) {
      reads += 1
      return objects.list(collection)
    },
    find(collection, id) {
      reads += 1
      return objects.find(collection, id)
    },
  }
  const clock = { nowMs: () => NOW }
  const store = (kept: readonly AccessRequest[]) =>
    storeRequests(
      { clock, directory: objects },
      systemContext('As it was before.'),
      kept.map((request) => ({ request, type: 'request.opened' })),
    )
  await store(requests)
  const openRequests = new Map(requests.filter(({ state }) => state === 'open').map((it) => [it.id, it]))
  const changes: number[] = []
  await expireOpenRequests({
    clock,
    storage: { objects: counted },
    directory: {
      current: () => ({ world: { openRequests } }) as never,
      put: (change) => objects.put(change),
      changeAll: (steps) => {
        changes.push(steps.length)
        return objects.changeAll(steps)
      },
    },
    inTurn: async (work) => {
      await store(meanwhile)
      return work()
    },
  })
  const stored = await objects.list(COLLECTION)
  return { changes, reads, states: stored.map(({ body }) => (body as AccessRequest).state) }
}

async function openTestStorage() {
  const storage = await openStorage('sqlite::memory:')
  return { objects: storage.objects, [Symbol.asyncDispose]: () => storage.close() }
}

it.each([
  ['opened 14 days ago', build('req-1', NOW - OPEN_MS), 'expired'],
  ['opened a moment later', build('req-1', NOW - OPEN_MS + 1), 'open'],
  ['declined long ago', build('req-1', 0, 'declined'), 'declined'],
])('%s', async (_, request, state) => expect((await expire([request])).states).toEqual([state]))

it('reads nothing from the database while nothing is due, however many were decided', async () => {
  const { reads } = await expire([build('req-1', 0, 'declined'), build('req-2', NOW)])
  expect(reads).toBe(0)
})

it('many expire in as few changes as possible, since each recompiles all definitions', async () => {
  const many = Array.from({ length: MAX_AT_ONCE + 1 }, (_, place) => build(`req-${place}`, 0))
  const { changes, states } = await expire(many)
  expect(changes).toEqual([MAX_AT_ONCE, 1])
  expect(new Set(states)).toEqual(new Set(['expired']))
})

it('a decision made in the meantime is kept', async () => {
  const { changes, states } = await expire(
    [build('req-1', 0), build('req-2', 0)],
    [build('req-1', 0, 'declined')],
  )
  expect({ changes, states }).toEqual({ changes: [1], states: ['declined', 'expired'] })
})
