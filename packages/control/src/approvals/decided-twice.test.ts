// Two processes decide about one request at the same time: the later one changes nothing and grants no access.
import type { AccessRequest } from '@crosswalk/admin-api'
import { openStorage, type ObjectStore } from '@crosswalk/storage'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { ACTS } from '../definitions/stored-acts.ts'
import type { AccessGrantRecord } from '../definitions/records.ts'
import type { SharedParts } from '../parts.ts'
import { systemContext } from '../http/context.ts'
import { storeGrant } from './access-grant-records.ts'
import { findStoredRequest, storeRequest, type StoredRequest } from './access-request-records.ts'
import { approve as approveRequest } from './approve-access.ts'
import { expireOpenRequests } from './expire-requests.ts'

const NOW = Date.parse('2026-06-15T08:00:00.000Z')
const clock = { nowMs: () => NOW }
const context = systemContext('Decided at the same moment.')

let storage: Awaited<ReturnType<typeof openStorage>>
beforeAll(async () => {
  storage = await openStorage('sqlite::memory:')
})
afterAll(() => storage.close())

/** As this process knows them: those that others have decided are still open here */
const openRequests = new Map<string, AccessRequest>()

function partsOf(changeAll: ObjectStore['changeAll'] = (steps) => storage.objects.changeAll(steps)) {
  const connections = new Map([
    ['agent-todo', { definition: { id: 'agent-todo', app: 'agent', resourceApp: 'todo' } }],
  ])
  const world = { accessGrants: new Map(), connections, openRequests, 'policy-suites': new Map() }
  const users = { findById: async (id: string) => ({ id }) }
  const directory = {
    current: () => ({ world, users }),
    put: (change: Parameters<ObjectStore['put']>[0]) => storage.objects.put(change),
    changeAll,
  }
  const inTurn = <T>(work: () => Promise<T>) => work()
  return { clock, directory, storage, inTurn } as unknown as SharedParts
}

async function open(id: string): Promise<StoredRequest> {
  const request: AccessRequest = {
    ...{ id, state: 'open', user: 'bob', app: 'agent', resourceApp: 'todo', scopes: ['todos.read'] },
    ...{ reason: 'once', askedBy: 'helpdesk', askedAt: new Date(0).toISOString() },
  }
  await storeRequest(partsOf(), context, { request, type: 'request.opened' })
  openRequests.set(id, request)
  return find(id)
}

async function find(id: string): Promise<StoredRequest> {
  return (await findStoredRequest(partsOf(), id)) ?? expect.unreachable(`${id} is not stored`)
}

function decline({ request, revision }: StoredRequest) {
  const declined = { ...request, state: 'declined' as const }
  return storeRequest(partsOf(), context, { request: declined, revision, type: 'request.denied' })
}

function approve({ request, revision }: StoredRequest) {
  const { id, user, app, resourceApp, scopes } = request
  const grant = {
    ...{ id: `acg-${id}`, connection: 'agent-todo', user, app, resourceApp, scopes, request: id },
    ...{ state: 'active', by: 'alice', at: new Date(NOW).toISOString() },
  } as AccessGrantRecord
  const answered = { request: { ...request, state: 'approved' as const }, revision, type: 'request.approved' }
  return storeGrant(partsOf(), context, { grant, answered })
}

const grantOf = (id: string) => storage.objects.find(ACTS.accessGrants, `acg-${id}`)

it('an approval grants access and closes the request in one change', async () => {
  expect(await approve(await open('one'))).toBeUndefined()
  expect(await grantOf('one')).toBeDefined()
  expect((await find('one')).request.state).toBe('approved')
})

it('approving a request that was just denied grants no access', async () => {
  const seen = await open('denied')
  expect(await decline(seen)).toBeUndefined()
  expect(await approve(seen)).toMatchObject({ problem: { status: 409 } })
  expect(await approveRequest(partsOf(), context, seen)).toMatchObject({ problem: { status: 409 } })
  expect(await grantOf('denied')).toBeUndefined()
  expect((await find('denied')).request.state).toBe('declined')
})

it('denying a request that was just approved does not hide the access', async () => {
  const seen = await open('approved')
  expect(await approve(seen)).toBeUndefined()
  expect(await decline(seen)).toMatchObject({ problem: { status: 409 } })
  expect((await find('approved')).request.state).toBe('approved')
})

it('a request approved as it expires stays approved, and the others expire in the next run', async () => {
  const [seen, other] = [await open('late'), await open('left')]
  const meanwhile = partsOf(async (steps) => {
    await approve(seen)
    return storage.objects.changeAll(steps)
  })
  await expireOpenRequests(meanwhile)
  expect((await find('late')).request.state).toBe('approved')
  await expireOpenRequests(partsOf())
  expect((await find(other.request.id)).request.state).toBe('expired')
})
