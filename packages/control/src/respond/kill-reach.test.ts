import { expect, test } from 'vitest'

import { boundReach } from './kill-reach.ts'

const COUNT = 10_000

/** As many connections as access grants, of which one is for the user */
function partsOf(assignments: object) {
  const many = Array.from({ length: COUNT }, (_, at) => String(at))
  const connections = many.map((id) => ({ id, app: 'agent0', resourceApp: `res-${id}`, assignments }))
  const grants = many.map((id) => ({ id, connection: id, user: id === '7' ? 'usr_alice' : 'usr_bob' }))
  const resourceApps = many.map((id) => ({ id: `res-${id}`, issuer: `https://res-${id}.example` }))
  const items = (definitions: readonly { readonly id: string }[]) =>
    new Map(definitions.map((definition) => [definition.id, { definition }]))
  const world = {
    ...{ connections: items(connections), 'resource-apps': items(resourceApps) },
    ...{ 'authorization-servers': new Map(), accessGrants: new Map(grants.map((one) => [one.id, one])) },
  }
  const users = { findById: async (id: string) => ({ id, groups: ['sales'] }) }
  return { configuration: {}, directory: { current: () => ({ world, users }) } } as unknown as Parameters<
    typeof boundReach
  >[0]
}

test('reaches for a user the connections of their access grants, in time that grows linearly', async () => {
  const parts = partsOf({ everyone: false, users: ['usr_eve'], groups: ['night'] })
  const startedAt = performance.now()
  const { reach } = await boundReach(parts, { kind: 'user', target: 'usr_alice' }, 'before')
  expect(performance.now() - startedAt).toBeLessThan(500)
  expect(reach.map(({ resourceApp }) => resourceApp)).toEqual(['res-7'])
})

test('reaches for a user every connection that they are assigned to', async () => {
  const parts = partsOf({ everyone: false, users: [], groups: ['sales'] })
  const { reach } = await boundReach(parts, { kind: 'user', target: 'usr_alice' }, 'before')
  expect(reach).toHaveLength(COUNT)
})

test('reaches for an app its own connections, and those over which it acts for another app', async () => {
  const connections = [
    { id: 'own', app: 'agent0', resourceApp: 'res-1' },
    { id: 'as-actor', app: 'other', actors: ['helper', 'agent0'], resourceApp: 'res-2' },
    { id: 'of-others', app: 'other', actors: ['helper'], resourceApp: 'res-3' },
  ]
  const { world } = partsOf({}).directory.current()
  const items = new Map(connections.map((definition) => [definition.id, { definition }]))
  const server = { id: 'as', issuer: 'https://res-1.example', accessTokenFormat: 'opaque' }
  const servers = new Map([[server.id, { definition: server }]])
  const parts = {
    ...{ configuration: {}, clock: { nowMs: () => 0 } },
    storage: { liveAccess: { findLastExpiry: async () => undefined } },
    directory: {
      current: () => ({
        world: { ...world, connections: items, 'authorization-servers': servers },
        users: {},
      }),
    },
  } as unknown as Parameters<typeof boundReach>[0]
  const { reach, worstCaseSeconds } = await boundReach(parts, { kind: 'app', target: 'agent0' }, 'before')
  expect(reach.map(({ resourceApp, local }) => [resourceApp, local])).toEqual([
    ['res-1', true],
    ['res-2', false],
  ])
  // An hour, and the clocks of three parties, at the server elsewhere
  expect(worstCaseSeconds).toBe(3660)
})

test('before a kill, counts an access token that may still be issued, and after it only those that were', async () => {
  const target = { kind: 'connection', target: 'link' } as const
  const issuer = 'https://as.test'
  const items = (definition: { readonly id: string }) => new Map([[definition.id, { definition }]])
  const world = {
    ...partsOf({}).directory.current().world,
    connections: items({ id: 'link', app: 'agent0', resourceApp: 'todo0' } as { readonly id: string }),
    'resource-apps': items({ id: 'todo0', issuer } as { readonly id: string }),
    'authorization-servers': items({
      ...{ id: 'as', issuer, accessTokenFormat: 'jwt', accessTokenTtlSeconds: 600 },
    } as { readonly id: string }),
  }
  const partsWith = (lastExpiry: number | undefined) =>
    ({
      ...{ configuration: { clockSkewSeconds: 30 }, clock: { nowMs: () => 1_000_000 } },
      ...{ directory: { current: () => ({ world, users: {} }) } },
      storage: { liveAccess: { findLastExpiry: async () => lastExpiry } },
    }) as unknown as Parameters<typeof boundReach>[0]
  const bound = async (moment: 'before' | 'after', lastExpiry?: number) =>
    (await boundReach(partsWith(lastExpiry), target, moment)).offlineSeconds
  expect([await bound('before'), await bound('after')]).toEqual([630, 0])
  expect([await bound('before', 1400), await bound('after', 1400)]).toEqual([630, 430])
})
