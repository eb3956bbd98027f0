// Which users a removal of very many is verified for, by simulation: those with recent use first.
import type { ReviewItem } from '@crosswalk/admin-api'
import { zConnection } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { ACTS } from '../definitions/stored-acts.ts'
import { systemContext } from '../http/context.ts'
import { openNodes } from '../testing/open-nodes.ts'
import { recordGrant } from '../testing/record-grant.ts'
import { createReviewHandlers } from './reviews.ts'

const CLIENT = { method: 'client_secret_basic', secret: 'a secret that is long enough: 7Jq2' }
const NOW = Date.parse('2026-06-15T08:00:00.000Z')
const context = { ...systemContext('a test'), caller: { id: 'ada', role: 'owner' }, headers: new Headers() }

const APPS = { app: 'agent0', resourceApp: 'todo0' }
/** Sorted after the others */
const BOB = { id: 'usr_bob', username: 'bob', groups: ['staff'] }

/** Removes the group that assigns all users to a connection. Bob still has an access grant. */
async function removeStaff({ others, isUsed }: { readonly others: number; readonly isUsed: boolean }) {
  const colleagues = Array.from({ length: others }, (_, at) => ({
    ...{ id: `usr_a${String(at).padStart(2, '0')}`, username: `a${at}`, groups: ['staff'] },
  }))
  const everyone = { assignments: { everyone: true } }
  const [{ parts, storage }] = await openNodes(
    {
      users: [...colleagues, BOB],
      groups: [{ id: 'staff' }],
      apps: [{ id: 'agent0', name: 'Agent0', kind: 'agent', auth: CLIENT, ...everyone }],
      resourceApps: [
        {
          ...{ id: 'todo0', name: 'Todo0', issuer: 'https://as.test', ...everyone },
          resources: [{ id: 'https://todo.test', scopes: ['read'] }],
        },
      ],
    },
    NOW,
  )
  const connection = zConnection.parse({
    ...{ id: 'con', ...APPS, clientId: 'agent0-there', status: 'active' },
    ...{ resources: ['https://todo.test'], scopes: ['read'], assignments: { groups: ['staff'] } },
  })
  const grant = {
    ...{ id: 'acg_1', connection: 'con', user: BOB.id, ...APPS, state: 'active', scopes: ['read'] },
    ...{ by: 'ada', at: new Date(NOW).toISOString() },
  }
  const write = { by: 'eve', at: NOW }
  for (const put of [
    { collection: 'connections', id: 'con', body: connection },
    { collection: ACTS.accessGrants, id: grant.id, body: grant },
  ])
    expect(await parts.directory.put({ ...write, ...put })).toMatchObject({ ok: true })
  if (isUsed) await recordGrant(storage, 'con', NOW - 1)
  const handlers = createReviewHandlers(parts)
  const call = (name: keyof typeof handlers, request: object) =>
    handlers[name](request as never, context as never) as Promise<{
      status: number
      body: ReviewItem & { readonly id: string }
    }>
  const opened = await call('reviews.create', { body: { name: 'Q3', periodDays: 90, reason: 'yearly' } })
  const decided = await call('reviews.decide', {
    params: { id: opened.body.id, connection: 'con' },
    body: { decision: 'narrow', removeGroups: ['staff'], reason: 'moved' },
  })
  expect(decided).toMatchObject({ status: 200 })
  return decided.body.decision?.removal
}

it.each([
  ['all of fifty', 49, false, 50, ['usr_bob']],
  ['fifty of more', 50, false, 50, []],
  ['those with recent use first', 50, true, 50, ['usr_bob']],
])('verifies %s by simulation', async (_, others, isUsed, simulated, allowed) => {
  expect(await removeStaff({ others, isUsed })).toMatchObject({ simulated, allowed })
})
