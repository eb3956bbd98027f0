// Which streams learn that a user lost access, and by which name.
import type { EventStream } from '@crosswalk/idp'
import { SECURITY_EVENT } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { buildStreamEvents } from './signal.ts'

const NOW = 1_800_000_000_999
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

const list = (stream: object, change?: object) => build(stream, change).map(({ sub_id: subject }) => subject)

function build(stream: object, change: object = {}): readonly Readonly<Record<string, unknown>>[] {
  const whole = {
    ...{ id: 'str_a', audience: TODO, status: 'enabled', events: [SECURITY_EVENT.sessionRevoked] },
    ...{ delivery: { method: 'poll' }, configured: false },
    ...stream,
  } as EventStream
  const signal = { kind: 'session-revoked', user, initiator: 'admin', ...change } as const
  const parts = { world, streams: [whole], issuer: 'https://idp.test', pairwise: () => 'p', nowMs: NOW }
  return buildStreamEvents(signal as never, parts as never).map(({ claims }) => claims)
}

it.each<[string, object, readonly (string | undefined)[]]>([
  ['enabled learns the name of the user at its own resource apps, and no other', {}, ['usr_alice']],
  ['of another server learns the name there', { audience: NOTES }, ['alice']],
  ['paused gets the event later', { status: 'paused' }, ['usr_alice']],
  ['disabled learns nothing', { status: 'disabled' }, []],
  ['without events of this type learns nothing', { events: [SECURITY_EVENT.credentialChange] }, []],
])('a stream that is %s', (_, stream, names) => {
  expect(list(stream)).toMatchObject(names.map((sub) => ({ sub })))
})

it.each<[string, object, readonly object[]]>([
  ['names the client there', {}, [{ user: { sub: 'usr_alice' }, application: { id: 'agent-at-todo' } }]],
  ['leads to another server', { resourceApp: 'notes' }, []],
  ['has no client there', { clientId: undefined }, []],
  ['knows the user by a claim that is missing', { resourceApp: 'mail' }, []],
])('the end of the access of one user over a connection that %s', (_, change, subjects) => {
  const connection = { resourceApp: 'todo', clientId: 'agent-at-todo', resources: [], ...change }
  expect(list({}, { connections: [connection] })).toMatchObject(subjects)
})

it('a renamed user lost access under the previous names only', () => {
  const at = (email: string) => ({ ...user, email, emailVerified: true })
  expect(list({}, { kind: 'renamed', user: at('old@a.test'), now: at('new@a.test') })).toMatchObject([
    { sub: 'old@a.test' },
  ])
})

it('events say when access ended and at whose initiative, and how a credential changed', () => {
  const event = (type: string) => ({ event_timestamp: 1_800_000_000, initiating_entity: type })
  expect(build({}, { initiator: 'user' })).toMatchObject([
    { events: { [SECURITY_EVENT.sessionRevoked]: event('user') } },
  ])
  const change = { kind: 'credential-change', credential: 'password', change: 'update' }
  expect(build({ events: [SECURITY_EVENT.credentialChange] }, change)).toMatchObject([
    {
      events: {
        [SECURITY_EVENT.credentialChange]: {
          ...event('admin'),
          ...{ credential_type: 'password', change_type: 'update' },
        },
      },
    },
  ])
})
