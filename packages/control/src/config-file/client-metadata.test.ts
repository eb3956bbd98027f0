import { describe, expect, test } from 'vitest'

import { parseConfiguration } from './load-configuration.ts'

const CLIENT = 'https://agent0.example/client.json'

function parse({ allow, app, clientId = app }: { allow: unknown; app: string; clientId?: string }) {
  const file = {
    baseUrl: 'https://xaa.example',
    idp: {
      clientMetadata: { allow },
      resourceApps: [{ id: 'todo0', name: 'Todo0', issuer: 'https://xaa.example/as/vendor' }],
      connections: [{ id: 'one', app, resourceApp: 'todo0', clientId, status: 'active' }],
    },
    authorizationServers: [
      {
        id: 'vendor',
        trustedIssuers: [{ issuer: 'https://xaa.example', provisioning: 'jit' }],
        clientMetadata: { allow },
      },
    ],
  }
  return parseConfiguration(JSON.stringify(file), 'test.json', {})
}

describe('CID-08 the allow-list of metadata documents in the file', () => {
  test.each([
    ['the URL', [CLIENT]],
    ['the host', ['agent0.example']],
  ])('lets a connection name a client by its document: %s', (_, allow) => {
    const { configuration, problems } = parse({ allow, app: CLIENT })
    expect(problems).toEqual([])
    expect(configuration?.idp?.clientMetadata).toEqual({
      allow,
      kind: 'agent',
      assignments: { everyone: false, users: [], groups: [] },
    })
    expect(configuration?.authorizationServers[0]?.clientMetadata).toEqual({ allow })
  })

  test.each([
    ['another document of the host', 'https://agent0.example/other.json'],
    ['an undefined app', 'agent0'],
  ])('rejects a connection for %s', (_, app) => {
    const { problems } = parse({ allow: [CLIENT], app })
    expect(problems.map(({ what }) => what)).toEqual([
      `there is no app ${app}`,
      expect.stringContaining(`clientId ${app} is not a client of authorization server vendor`),
    ])
  })

  test.each([
    ['a pattern', '*.example'],
    ['an origin', 'https://agent0.example'],
    ['http', 'http://a.example/c'],
    ['a fragment', `${CLIENT}#x`],
  ])('rejects %s', (_, entry) => {
    const { configuration, problems } = parse({ allow: [entry], app: CLIENT })
    expect(configuration).toBeUndefined()
    expect(problems[0]?.what).toContain('clientMetadata.allow')
  })

  test('may not be empty: omit it to allow no documents', () => {
    expect(parse({ allow: [], app: CLIENT }).configuration).toBeUndefined()
  })
})
