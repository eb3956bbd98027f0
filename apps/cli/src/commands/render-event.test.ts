// The line of an event says why, where the event does.
import { expect, it } from 'vitest'

import { type FullEvent, renderEvent } from './render-event.ts'

it.each([
  [{}, ''],
  [{ reason: 'pilot is over' }, '  pilot is over'],
  [
    { reason: 'upstream-failed', change: { detail: 'unauthorized_client' } },
    '  upstream-failed: unauthorized_client',
  ],
  [
    { reason: 'upstream-user-unknown', change: { missing_claims: ['email', 'groups'] } },
    '  upstream-user-unknown: missing email, groups',
  ],
  [{ reason: 'agreed', change: { fields: ['scopes'] } }, '  agreed'],
])('%j ends with "%s"', (more, end) => {
  const event = { time: 'T', chain: 'idp', seq: 1, type: 'signin.failed', outcome: 'failure', ...more }
  const line = 'T  idp#1  signin.failed  failure  by upstream:corp'
  expect(renderEvent({ ...event, actor: { id: 'upstream:corp' } } as unknown as FullEvent)).toBe(line + end)
})
