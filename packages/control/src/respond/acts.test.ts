// Two administrators stop and resume a connection at two nodes, each after both have read its state.
import { expect, it } from 'vitest'

import { ACTS } from '../definitions/stored-acts.ts'
import { systemContext } from '../http/context.ts'
import { openNodes, type TestNode } from '../testing/open-nodes.ts'
import { createActHandlers } from './acts.ts'

const IDP = {
  users: [{ id: 'usr_bob', username: 'bob' }],
  apps: [
    {
      ...{ id: 'agent0', name: 'Agent0', kind: 'agent' },
      auth: { method: 'client_secret_basic', secret: 'a secret that is long enough: 7Jq2' },
    },
  ],
  resourceApps: [
    {
      id: 'todo0',
      name: 'Todo0',
      issuer: 'https://as.test',
      resources: [{ id: 'https://todo.test', scopes: [] }],
    },
  ],
  connections: [
    { id: 'link', app: 'agent0', resourceApp: 'todo0', clientId: 'agent0-there', resources: [], scopes: [] },
  ],
}

function createNode({ storage, parts }: TestNode, revokedTokens = 0) {
  /** Called once this node has read a hold */
  const onRead: (() => Promise<unknown>)[] = []
  const objects: typeof storage.objects = {
    ...storage.objects,
    async findMany(collection, ids) {
      const found = await storage.objects.findMany(collection, ids)
      if (collection === ACTS.holds) await onRead.shift()?.()
      return found
    },
  }
  const handlers = createActHandlers({
    ...parts,
    storage: { ...storage, objects },
    revoker: { ...parts.revoker, revokeUser: async () => revokedTokens },
    actInTurn: (act: () => Promise<unknown>) => act(),
  } as unknown as Parameters<typeof createActHandlers>[0])
  const act = (name: keyof typeof handlers, id: string, role = 'owner') =>
    handlers[name](
      { params: { id }, body: {} } as never,
      { ...systemContext('a test'), caller: { id: role, role }, headers: new Headers() } as never,
    )
  const heldAs = async (id: string) =>
    ((await storage.objects.find(ACTS.holds, id))?.body as { state: string } | undefined)?.state
  const recorded = async () =>
    (await storage.events.list({ log: 'admin', limit: 10 })).items
      .map(({ event: { type, severity } }) => [type, severity])
      .toReversed()
  return { onRead, act, heldAs, recorded }
}

it('a suspension does not weaken a revocation by another node', async () => {
  const [one, other] = (await openNodes({ ...IDP })).map((node) => createNode(node)) as never as [
    ReturnType<typeof createNode>,
    ReturnType<typeof createNode>,
  ]
  one.onRead.push(async () =>
    expect(await other.act('connections.revoke', 'link')).toMatchObject({ status: 200 }),
  )
  expect(await one.act('connections.suspend', 'link')).toMatchObject({ problem: { status: 409 } })
  expect(await one.heldAs('connection:link')).toBe('revoked')
})

it('a connection manager who resumes a suspended connection does not lift a revocation by another node', async () => {
  const [one, other] = (await openNodes({ ...IDP })).map((node) => createNode(node)) as never as [
    ReturnType<typeof createNode>,
    ReturnType<typeof createNode>,
  ]
  await one.act('connections.suspend', 'link')
  one.onRead.push(async () =>
    expect(await other.act('connections.revoke', 'link')).toMatchObject({ status: 200 }),
  )
  const resume = () => one.act('connections.resume', 'link', 'connection-manager')
  expect(await resume()).toMatchObject({ problem: { status: 403 } })
  expect(await one.heldAs('connection:link')).toBe('revoked')
  expect(await one.act('connections.resume', 'link')).toMatchObject({ status: 200 })
  expect(await one.heldAs('connection:link')).toBeUndefined()
  await one.act('connections.suspend', 'link')
  expect(await resume()).toMatchObject({ status: 200 })
})

it.each([
  ['left no token', 0, []],
  ['was stopped halfway', 2, [['token.revoked', 'warning']]],
])('resuming a user whose suspension %s records what it revoked', async (_, revokedTokens, more) => {
  const [node] = await openNodes({ ...IDP })
  await createNode(node).act('users.suspend', 'usr_bob')
  const { act, recorded } = createNode(node, revokedTokens)
  await act('users.resume', 'usr_bob')
  expect(await recorded()).toEqual([
    ['user.suspended', 'warning'],
    ['token.revoked', 'warning'],
    // The second pass finds them again.
    ...more,
    ...more,
    ['user.resumed', 'notice'],
  ])
})
