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
