// Narrowing a connection by several users whose access is a grant: each of them loses the grant and the live tokens.
import type { EvaluatedUser } from '@crosswalk/policy'
import { expect, it } from 'vitest'

import { ACTS } from '../definitions/stored-acts.ts'
import { systemContext } from '../http/context.ts'
import { openNodes } from '../testing/open-nodes.ts'
import { createReviewHandlers } from './reviews.ts'

const CLIENT = { method: 'client_secret_basic', secret: 'a secret that is long enough: 7Jq2' }
const USERS = ['usr_bob', 'usr_eve', 'usr_kim']
const IDP = {
  users: USERS.map((id) => ({ id, username: id })),
  apps: [{ id: 'agent0', name: 'Agent0', kind: 'agent', auth: CLIENT }],
  resourceApps: [
    {
      ...{ id: 'todo0', name: 'Todo0', issuer: 'https://as.test' },
      resources: [{ id: 'https://todo.test', scopes: ['read', 'write'] }],
    },
  ],
  connections: [
    {
      ...{ id: 'con', app: 'agent0', resourceApp: 'todo0', clientId: 'agent0-there', status: 'active' },
      ...{ resources: ['https://todo.test'], scopes: ['read', 'write'] },
    },
  ],
}
const NOW = Date.parse('2026-06-15T08:00:00.000Z')
const context = { ...systemContext('a test'), caller: { id: 'ada', role: 'owner' }, headers: new Headers() }

async function openReview() {
  const [{ parts, storage }] = await openNodes(IDP, NOW)
  const revoked: string[] = []
  const revokeUserOf = async (_: object, { id }: EvaluatedUser) => {
    if (!revoked.includes(id)) revoked.push(id)
    return 0
  }
  for (const user of USERS) {
    const grant = {
      ...{ id: `acg_${user}`, connection: 'con', user, app: 'agent0', resourceApp: 'todo0', state: 'active' },
      ...{ scopes: ['read'], at: new Date(NOW).toISOString(), by: 'ada' },
    }
    const put = { collection: ACTS.accessGrants, id: grant.id, by: 'ada', at: NOW, body: grant }
    expect(await parts.directory.put(put)).toMatchObject({ ok: true })
  }
  const handlers = createReviewHandlers({ ...parts, revoker: { ...parts.revoker, revokeUserOf } })
  const create = { body: { name: 'Q3', periodDays: 90, reason: 'yearly' } }
  const { body } = (await handlers['reviews.create'](create as never, context as never)) as {
    body: { id: string }
  }
  const decide = (input: object) =>
    handlers['reviews.decide'](
      { params: { id: body.id, connection: 'con' }, body: input } as never,
      context as never,
    )
  const readStates = async () =>
    (await storage.objects.list(ACTS.accessGrants)).map((stored) => (stored.body as { state: string }).state)
  return { decide, revoked, readStates }
}

it('ends the grants and tokens of each user that it removes, and of no other', async () => {
  const { decide, revoked, readStates } = await openReview()
  const decision = { decision: 'narrow', removeUsers: ['usr_bob', 'usr_eve'] }
  expect(await decide(decision)).toMatchObject({ status: 200 })
  expect(await readStates()).toEqual(['revoked', 'revoked', 'active'])
  expect(revoked.toSorted()).toEqual(['usr_bob', 'usr_eve'])
})

it.each(['keep', 'revoke'])(
  'a decision to %s does not ignore users to remove, but is refused',
  async (decision) => {
    const { decide, readStates } = await openReview()
    expect(await decide({ decision, removeUsers: ['usr_bob'] })).toMatchObject({ problem: { status: 400 } })
    expect(await readStates()).toEqual(['active', 'active', 'active'])
    expect(await decide({ decision })).toMatchObject({ status: 200 })
  },
)
