import type { AuditEvent } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import type { RedemptionDependencies } from './dependencies.ts'
import { revokeUser } from './revoke-user.ts'

it('revokes before and after the event is recorded, so that a token granted in between is revoked, too', async () => {
  const live = ['a', 'b']
  const done: string[] = []
  const events: AuditEvent[] = []
  const count = await revokeUser('acc_1', {
    snapshot: () => ({ id: 'todo0' }),
    clock: { nowMs: () => 1_800_000_000_000 },
    accessTokens: {
      async revoke(selector: object, at: number) {
        done.push(`revoke ${JSON.stringify(selector)} at ${at}`)
        return live.splice(0).length
      },
    },
    events: {
      async record(event: AuditEvent) {
        done.push('record')
        events.push(event)
        live.push('granted in between')
      },
    },
  } as unknown as RedemptionDependencies)
  const revoked = 'revoke {"authorizationServer":"todo0","accountId":"acc_1"} at 1800000000000'
  expect(done).toEqual([revoked, 'record', revoked])
  expect([count, live]).toEqual([3, []])
  expect(events).toMatchObject([
    {
      type: 'token.revoked',
      time: '2027-01-15T08:00:00.000Z',
      actor: { kind: 'system', id: 'as:todo0' },
      on_behalf_of: { subject_at_resource_ref: 'acc_1' },
      change: { revoked_tokens: 2 },
    },
  ])
})
