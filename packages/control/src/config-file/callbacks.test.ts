// Addresses that the server calls are rejected if it would not connect to them, both in the file and in the admin API.
import { COLLECTION_NAMES } from '@crosswalk/admin-api'
import { describe, expect, it } from 'vitest'

import { checkAmong } from '../definitions/check-world.ts'
import type { Items } from '../definitions/records.ts'
import { parseConfiguration } from './load-configuration.ts'

const NOTHING = Object.fromEntries(
  COLLECTION_NAMES.map((collection) => [collection, new Map()]),
) as unknown as Items
const PUBLIC = 'https://xaa.example'
const LOOPBACK = 'http://127.0.0.1:4000'

type Member = 'backchannelLogoutUri' | 'app jwksUri' | 'client jwksUri' | 'issuer jwksUri' | 'endpoint'
const MEMBERS: readonly Member[] = [
  'backchannelLogoutUri',
  'app jwksUri',
  'client jwksUri',
  'issuer jwksUri',
  'endpoint',
]

const key = (jwksUri: string) => ({ method: 'private_key_jwt', jwksUri })

function findProblems(baseUrl: string, member: Member, url: string) {
  const at = (one: Member) => (one === member ? url : 'https://public.example/callback')
  const file = {
    baseUrl,
    idp: {
      apps: [
        {
          id: 'app',
          name: 'App',
          kind: 'web',
          backchannelLogoutUri: at('backchannelLogoutUri'),
          auth: key(at('app jwksUri')),
        },
      ],
      resourceApps: [
        {
          id: 'todo0',
          name: 'Todo0',
          issuer: 'https://vendor.example',
          securityEvents: { endpoint: at('endpoint') },
        },
      ],
    },
    authorizationServers: [
      {
        id: 'vendor',
        clients: [{ id: 'client', auth: key(at('client jwksUri')) }],
        trustedIssuers: [
          { issuer: 'https://idp.example', jwksUri: at('issuer jwksUri'), provisioning: 'jit' },
        ],
      },
    ],
  }
  return parseConfiguration(JSON.stringify(file), 'test.json', {}).problems.map(({ what }) => what)
}

const INSIDE = 'is on this machine or in a private network, where the server does not connect'

describe('a callback address in the file', () => {
  it.each(MEMBERS)('%s: public is accepted, private and loopback are rejected', (member) => {
    expect(findProblems(PUBLIC, member, 'https://8.8.8.8/keys')).toEqual([])
    for (const url of [
      'https://10.0.0.7/keys',
      'https://192.168.1.1:8443/',
      'https://169.254.169.254/latest',
      'https://[fd00::1]/',
      'http://127.0.0.1:9200/',
      'https://localhost/',
    ])
      expect(findProblems(PUBLIC, member, url)).toEqual([`${url} ${INSIDE}`])
  })

  it.each(MEMBERS)('%s: loopback is accepted if the server itself is on loopback', (member) => {
    expect(findProblems(LOOPBACK, member, 'http://127.0.0.1:9200/keys')).toEqual([])
    expect(findProblems(LOOPBACK, member, 'https://10.0.0.7/keys')).toEqual([
      `https://10.0.0.7/keys ${INSIDE}`,
    ])
  })

  it('must have port 443, or 1024 and above', () => {
    expect(findProblems(PUBLIC, 'endpoint', 'https://vendor.example:1024/')).toEqual([])
    expect(findProblems(PUBLIC, 'endpoint', 'https://vendor.example:443/')).toEqual([])
    expect(findProblems(PUBLIC, 'endpoint', 'https://vendor.example:1023/')).toEqual([
      'https://vendor.example:1023/ has a port where the server does not connect',
    ])
  })
})

describe('a callback address in the admin API', () => {
  const save = async (baseUrl: string, backchannelLogoutUri: string) => {
    const definition = {
      ...{ id: 'app', name: 'App', kind: 'web' as const, backchannelLogoutUri, active: true, owners: [] },
      ...{ redirectUris: [], postLogoutRedirectUris: [], auth: { method: 'none' as const } },
      assignments: { everyone: true, users: [], groups: [] },
    }
    return (await checkAmong(NOTHING, { collection: 'apps', definition }, { baseUrl })).own
  }

  it('is rejected by the same rule, with its path', async () => {
    expect(await save(PUBLIC, 'https://rp.example/logout')).toEqual([])
    expect(await save(LOOPBACK, 'http://127.0.0.1:9200/logout')).toEqual([])
    expect(await save(PUBLIC, 'http://127.0.0.1:9200/logout')).toMatchObject([
      { path: ['backchannelLogoutUri'], what: `http://127.0.0.1:9200/logout ${INSIDE}` },
    ])
  })
})
