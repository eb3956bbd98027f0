// Which streams learn that a user lost access, and by which name.
import type { EventStream } from '@crosswalk/idp'
import { SECURITY_EVENT } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { buildStreamEvents } from './signal.ts'

const [TODO, NOTES] = ['https://todo.test', 'https://notes.test']
const app = (id: string, issuer: string, subject: string) =>
  [id, { definition: { id, issuer, subject } }] as const
const world = {
  'resource-apps': new Map([
    app('todo', TODO, 'user.id'),
    app('notes', NOTES, 'user.username'),
    app('mail', TODO, 'user.email'),
  ]),
}
const user = { id: 'usr_alice', username: 'alice', groups: [], attributes: {} }

function build(stream: object, change: object = {}): readonly unknown[] {
  const whole = {
    ...{ id: 'str_a', audience: TODO, status: 'enabled', events: [SECURITY_EVENT.sessionRevoked] },
    ...{ delivery: { method: 'poll' }, configured: false },
    ...stream,
  } as EventStream
  const signal = { kind: 'session-revoked', user, initiator: 'admin', ...change } as const
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

it.each<[string, object, readonly object[]]>([
  ['names the client there', {}, [{ user: { sub: 'usr_alice' }, application: { id: 'agent-at-todo' } }]],
  ['leads to another server', { resourceApp: 'notes' }, []],
  ['has no client there', { clientId: undefined }, []],
  ['knows the user by a claim that is missing', { resourceApp: 'mail' }, []],
])('the end of the access of one user over a connection that %s', (_, change, subjects) => {
  const connection = { resourceApp: 'todo', clientId: 'agent-at-todo', resources: [], ...change }
  expect(build({}, { connections: [connection] })).toMatchObject(subjects)
})
