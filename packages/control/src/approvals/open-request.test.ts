// A request and its automatic approval are one change: a fault leaves nothing, and a rule that another process removes in
// between approves nothing. And which roles see why a rule approved nothing.
import { AsyncLocalStorage } from 'node:async_hooks'

import { expect, it } from 'vitest'

import { ACTS } from '../definitions/stored-acts.ts'
import type { AdminContext } from '../http/context.ts'
import { openNodes, type TestNode } from '../testing/open-nodes.ts'
import { createAccessRequestHandlers } from './access-requests.ts'

const CLIENT = { method: 'client_secret_basic', secret: 'a secret that is long enough: 7Jq2' }
const IDP = {
  users: [{ id: 'usr_bob', username: 'bob' }],
  apps: [{ id: 'agent0', name: 'Agent0', kind: 'agent', auth: CLIENT }],
  resourceApps: [
    {
      ...{ id: 'todo0', name: 'Todo0', issuer: 'https://as.test' },
      resources: [{ id: 'https://todo.test', scopes: ['read'] }],
    },
  ],
  connections: [
    {
      ...{ id: 'agent0-todo0', app: 'agent0', resourceApp: 'todo0', clientId: 'agent0-there' },
      ...{ resources: ['https://todo.test'], scopes: ['read'], status: 'active' },
    },
  ],
}
const RULE = { id: 'low', effect: 'approve', when: { maxRisk: 3, maxDays: 30 } }
const NOW = Date.parse('2026-06-15T08:00:00.000Z')
const context: AdminContext = {
  ...{ caller: { id: 'hedy', role: 'helpdesk' }, reason: undefined, ifMatch: undefined, ip: undefined },
}

async function open({ parts, storage }: TestNode, objects: Partial<TestNode['storage']['objects']> = {}) {
  const own = { ...storage, objects: { ...storage.objects, ...objects } }
  const handlers = createAccessRequestHandlers({ ...parts, storage: own })
  const body = {
    user: 'bob',
    app: 'agent0',
    resourceApp: 'todo0',
    scopes: ['read'],
    days: 30,
    reason: 'once',
  }
  const answer = await handlers['access-requests.create'](
    { params: undefined, query: undefined, body } as never,
    { ...context, headers: new Headers() },
  )
  return (answer as { readonly body: { readonly state: string; readonly rule?: string } }).body
}

async function openBoth() {
  const [one, other] = await openNodes(IDP, NOW)
  const change = { collection: 'approval-rules', id: 'low', by: 'ada', at: 0 }
  expect(await one.parts.directory.put({ ...change, body: RULE })).toMatchObject({ ok: true })
  await other.parts.directory.catchUp()
  const kept = async () => {
    const [requests, grants] = await Promise.all(
      [ACTS.requests, ACTS.accessGrants].map((name) => one.storage.objects.list(name)),
    )
    return [requests?.length, grants?.length]
  }
  return { one, other, kept, change }
}

it('is approved together with its grant', async () => {
  const { one, kept } = await openBoth()
  expect(await open(one)).toMatchObject({ state: 'approved', rule: 'low' })
  expect(await kept()).toEqual([1, 1])
})

it('leaves nothing if the change fails', async () => {
  const { one, kept } = await openBoth()
  const failing = { ...one.parts.directory, changeAll: () => Promise.reject(new Error('out of disk')) }
  await expect(open({ ...one, parts: { ...one.parts, directory: failing } })).rejects.toThrow('out of disk')
  expect(await kept()).toEqual([0, 0])
})

it('waits for a user if another process removes the rule after it was judged', async () => {
  const { one, other, kept, change } = await openBoth()
  // What another node does is not part of the use case here.
  const outside = AsyncLocalStorage.snapshot()
  let removed = false
  const history: typeof one.storage.objects.history = async (collection, id) => {
    const found = await one.storage.objects.history(collection, id)
    if (collection === 'approval-rules' && !removed) {
      removed = true
      await outside(() => other.parts.directory.remove(change))
    }
    return found
  }
  expect(await open(one, { history })).toMatchObject({ state: 'open' })
  expect(removed).toBe(true)
  expect(await kept()).toEqual([1, 0])
})

it.each([
  ['helpdesk', true],
  ['developer', false],
  ['app-owner', false],
])('shows %s what stops the approval: %s', async (role, isShown) => {
  const { one } = await openBoth()
  await one.parts.directory.put({
    ...{ collection: ACTS.blocks, id: 'blk_bob', by: 'ada', at: 0 },
    body: {
      id: 'blk_bob',
      kind: 'user',
      target: 'usr_bob',
      kill: false,
      by: 'ada',
      since: new Date(0).toISOString(),
    },
  })
  const handlers = createAccessRequestHandlers(one.parts)
  const caller = { id: 'dev', role, apps: ['agent0'] }
  const call = async (name: 'list' | 'read' | 'create' | 'preview', request: object) => {
    const handle = handlers[`access-requests.${name}`] as (
      ...of: unknown[]
    ) => Promise<{ readonly body: object }>
    return (await handle({ query: {}, ...request }, { ...context, caller, headers: new Headers() })).body
  }
  const wanted = { user: 'bob', app: 'agent0', resourceApp: 'todo0', scopes: ['read'], days: 30 }
  const created = await call('create', { body: { ...wanted, reason: 'once' } })
  const shown = [
    created,
    await call('preview', { body: wanted }),
    await call('read', { params: created }),
    await call('list', {}),
  ].map((body) => JSON.stringify(body))
  expect(shown.map((text) => text.includes('blk_bob'))).toEqual(shown.map(() => isShown))
  expect(created).toMatchObject({ state: 'open', waits: { rule: 'low' } })
})
