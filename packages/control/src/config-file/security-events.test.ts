// Settings of security events: what the file may contain, and what is rejected.
import { expect, test } from 'vitest'

import { parseConfiguration } from './load-configuration.ts'

const AS = 'https://xaa.example/as/vendor'
const ENDPOINT = `${AS}/security-events`

type Json = Readonly<Record<string, unknown>>

function parse({
  todo,
  notes,
  trust = {},
  app = {},
}: {
  todo: Json
  notes?: Json
  trust?: Json
  app?: Json
}) {
  const auth = { method: 'client_secret_basic', secret: 'a secret of 32 characters or more' }
  const told = (securityEvents: Json | undefined) => (securityEvents === undefined ? {} : { securityEvents })
  const file = {
    baseUrl: 'https://xaa.example',
    idp: {
      apps: [{ id: 'events', name: 'Events', kind: 'service', auth, ...app }],
      resourceApps: [
        { id: 'todo0', name: 'Todo0', issuer: AS, ...told(todo) },
        { id: 'notes0', name: 'Notes0', issuer: AS, ...told(notes) },
      ],
    },
    authorizationServers: [
      {
        id: 'vendor',
        trustedIssuers: [
          { issuer: 'https://a.test', tenant: 'one', provisioning: 'jit', securityEvents: {} },
          { issuer: 'https://a.test', tenant: 'two', securityEvents: trust },
        ],
      },
    ],
  }
  return parseConfiguration(JSON.stringify(file), 'test.json', {})
}

test.each([
  ['an endpoint', { endpoint: ENDPOINT }],
  [
    'an endpoint and its events',
    { endpoint: ENDPOINT, events: ['urn:crosswalk:secevent:event-type:access-revoked'] },
  ],
  ['a receiver', { receiver: 'events' }],
])('accepts %s', (_, todo) => {
  const { configuration, problems } = parse({ todo })
  expect(problems).toEqual([])
  expect(configuration?.idp?.resourceApps[0]?.securityEvents).toEqual(todo)
  expect(configuration?.authorizationServers[0]?.trustedIssuers[0]?.securityEvents).toEqual({
    maxAgeSeconds: 604_800,
  })
})

test('accepts the same stream for two resource apps behind one issuer', () => {
  expect(parse({ todo: { endpoint: ENDPOINT }, notes: { endpoint: ENDPOINT } }).problems).toEqual([])
})

const refused: readonly (readonly [string, Parameters<typeof parse>[0], RegExp])[] = [
  ['an empty section', { todo: {} }, /endpoint, receiver or both/],
  ['events without an endpoint', { todo: { receiver: 'events', events: ['urn:x'] } }, /events/],
  ['an endpoint without TLS', { todo: { endpoint: 'http://vendor.test/e' } }, /https/],
  ['an event that is never sent', { todo: { endpoint: ENDPOINT, events: ['urn:unknown'] } }, /events/],
  ['a receiver that is not an app', { todo: { receiver: 'event' } }, /no app event/],
  [
    'a receiver that cannot send its credentials',
    { todo: { receiver: 'events' }, app: { auth: { method: 'none' } } },
    /authenticates by none/,
  ],
  [
    'conflicting settings for one stream',
    { todo: { endpoint: ENDPOINT }, notes: { endpoint: ENDPOINT, receiver: 'events' } },
    /has other settings/,
  ],
  [
    'conflicting conditions for one issuer',
    { todo: { endpoint: ENDPOINT }, trust: { audience: 'urn:other' } },
    /other conditions/,
  ],
]
test.each(refused)('refuses %s', (_, file, what) => {
  const { problems } = parse(file)
  expect(problems).toHaveLength(1)
  expect(`${problems[0]?.what} ${problems[0]?.fix}`).toMatch(what)
})
