// Settings of the authorization code flow: what the file may contain, and what is rejected.
import { expect, test } from 'vitest'

import { parseConfiguration } from './load-configuration.ts'

const SIGN_IN = {
  issuer: 'https://login.vendor.test',
  clientId: 'todo',
  clientSecret: 'a secret of the file',
}

function parse(server: object, client: object = { redirectUris: ['https://app.test/callback'] }) {
  const file = {
    baseUrl: 'https://xaa.example',
    authorizationServers: [
      {
        id: 'vendor',
        trustedIssuers: [{ issuer: 'https://a.test', provisioning: 'jit' }],
        clients: [{ id: 'app', auth: { method: 'none' }, ...client }],
        ...server,
      },
    ],
  }
  return parseConfiguration(JSON.stringify(file), 'test.json', {})
}

test('accepts a sign-in provider', () => {
  const { configuration, problems } = parse({ authorizationCode: { signIn: SIGN_IN } })
  expect(problems).toEqual([])
  expect(configuration?.authorizationServers[0]?.authorizationCode).toMatchObject({
    accessTokenTtlSeconds: 3600,
    signIn: { subject: ['iss_sub'], provisioning: 'none' },
  })
})

test.each([
  ['no way to sign in', { authorizationCode: {} }, {}, 'nowhere to sign in'],
  [
    'e-mail without a domain',
    { authorizationCode: { signIn: { ...SIGN_IN, subject: ['email'] } } },
    {},
    '`email` in `subject` matches no user',
  ],
  ['unused redirect URIs', {}, { redirectUris: ['https://app.test/'] }, 'has redirect URIs, but'],
  ['a redirect URI without TLS', {}, { redirectUris: ['http://app.test/'] }, 'loopback URL'],
])('reports %s', (_name, server, client, what) => {
  const { problems } = parse(server, client)
  expect(problems.map(({ what: told, fix }) => `${told} ${fix}`).join()).toContain(what)
})
