// How many users a connection has: all three assignments must include them, unless an access grant replaces two.
import { expect, it } from 'vitest'

import { ACTS } from '../../definitions/stored-acts.ts'
import { systemContext } from '../../http/context.ts'
import { openNodes } from '../../testing/open-nodes.ts'
import { createFactHandlers } from './facts.ts'

const NOW = Date.parse('2026-06-15T08:00:00.000Z')
const CLIENT = { method: 'client_secret_basic', secret: 'a secret that is long enough: 7Jq2' }
const app = (id: string, assignments: object) => ({
  ...{ id, name: id, kind: 'agent', auth: CLIENT, assignments },
})
const resourceApp = (id: string, assignments: object) => ({
  ...{ id, name: id, issuer: `https://${id}.test`, assignments },
  resources: [{ id: `https://${id}.test/api`, scopes: ['read'] }],
})
const connection = (from: string, to: string, assignments: object) => ({
  ...{ id: `${from}-${to}`, app: from, resourceApp: to, clientId: 'there', status: 'active', assignments },
  ...{ resources: [`https://${to}.test/api`], scopes: ['read'] },
})
const EVERYONE = { everyone: true }

it('counts active users in every assignment, and those with an active grant', async () => {
  const [{ parts }] = await openNodes(
    {
      users: [
        ...['ann', 'ben'].map((id) => ({ id, username: id, groups: ['staff'], active: id === 'ann' })),
        ...['cid', 'dan'].map((id) => ({ id, username: id })),
      ],
      apps: [app('open', EVERYONE), app('closed', { users: ['ann', 'cid'] })],
      resourceApps: [resourceApp('all', EVERYONE), resourceApp('few', { groups: ['staff'] })],
      connections: [
        ...[connection('open', 'all', EVERYONE), connection('open', 'few', EVERYONE)],
        ...[connection('closed', 'few', EVERYONE), connection('closed', 'all', {})],
      ],
    },
    NOW,
  )
  const { 'connections.facts': facts } = createFactHandlers(
    parts as unknown as Parameters<typeof createFactHandlers>[0],
  )
  const context = { ...systemContext(''), caller: { id: 'ada', role: 'owner' }, headers: new Headers() }
  async function count() {
    const ids = 'open-all,open-few,closed-few,closed-all,closed-all,unknown'
    const { body } = (await facts({ query: { ids } } as never, context as never)) as unknown as {
      body: { items: { id: string; people: number }[] }
    }
    return body.items.map(({ id, people }) => `${id} ${people}`)
  }
  expect(await count()).toEqual(['open-all 3', 'open-few 1', 'closed-few 1', 'closed-all 0'])

  const grant = async (id: string, to: string, user: string, change: object = {}) => {
    const body = {
      ...{ id, user, connection: `closed-${to}`, app: 'closed', resourceApp: to, scopes: ['read'] },
      ...{ state: 'active', at: new Date(0).toISOString(), by: 'ada', ...change },
    }
    expect(
      await parts.directory.put({ collection: ACTS.accessGrants, id, body, by: 'ada', at: 0 }),
    ).toMatchObject({ ok: true })
  }
  const until = (ms: number) => ({ until: new Date(NOW + ms).toISOString() })
  await grant('acg_1', 'few', 'cid', until(1000))
  // The app must be assigned to the user all the same.
  await grant('acg_2', 'few', 'dan')
  await grant('acg_3', 'all', 'cid', until(0))
  await grant('acg_4', 'all', 'ann', { state: 'revoked' })
  expect(await count()).toEqual(['open-all 3', 'open-few 1', 'closed-few 2', 'closed-all 0'])
  await grant('acg_5', 'all', 'ann')
  await grant('acg_6', 'all', 'ann')
  expect(await count()).toEqual(['open-all 3', 'open-few 1', 'closed-few 2', 'closed-all 1'])
})
