// Which streams learn that a user lost access, and by which name.
import type { EventStream } from '@crosswalk/idp'
import { SECURITY_EVENT } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { buildStreamEvents } from './signal.ts'

const [TODO, NOTES] = ['https://todo.test', 'https://notes.test']
const app = (id: string, issuer: string, subject: string) =>
  [id, { definition: { id, issuer, subject } }] as const
const world = {
  'resource-apps': new Map([app('todo', TODO, 'user.id'), app('notes', NOTES, 'user.username')]),
}
const user = { id: 'usr_alice', username: 'alice', groups: [], attributes: {} }

function build(stream: object): readonly unknown[] {
  const whole = {
    ...{ id: 'str_a', audience: TODO, status: 'enabled', events: [SECURITY_EVENT.sessionRevoked] },
    ...{ delivery: { method: 'poll' }, configured: false },
    ...stream,
  } as EventStream
  const signal = { kind: 'session-revoked', user, initiator: 'admin' } as const
  const parts = { world, streams: [whole], issuer: 'https://idp.test', pairwise: () => 'p', nowMs: 0 }
  return buildStreamEvents(signal as never, parts as never).map(({ claims }) => claims['sub_id'])
}

it.each<[string, object, readonly (string | undefined)[]]>([
  ['enabled learns the name of the user at its own resource apps, and no other', {}, ['usr_alice']],
  ['of another server learns the name there', { audience: NOTES }, ['alice']],
  ['paused gets the event later', { status: 'paused' }, ['usr_alice']],
  ['disabled learns nothing', { status: 'disabled' }, []],
  ['without events of this type learns nothing', { events: [SECURITY_EVENT.credentialChange] }, []],
])('a stream that is %s', (_, stream, names) => {
  expect(build(stream)).toMatchObject(names.map((sub) => ({ sub })))
})
