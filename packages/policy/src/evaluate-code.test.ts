import { GRANT_TYPE, type XaaCode } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import type { AuthorizationCode, AuthorizationFacts, CodeFacts } from './code-facts.ts'
import { evaluateAuthorization } from './evaluate-authorization.ts'
import { evaluateCode } from './evaluate-code.ts'
import { IDP, ISSUER, makeSnapshot, NOW_SECONDS, RESOURCE } from './testing/redemption-world.ts'
import { renderRecords } from './testing/render-records.ts'

const REDIRECT = 'https://app.test/callback'
const CHALLENGE = 'c'.repeat(43)
const CLIENT = { id: 'app', auth: { method: 'none' }, redirectUris: [REDIRECT] }
const OTHER = 'https://notes.vendor.test/mcp'
const FRAME = {
  decisionId: 'dec_1',
  traceId: 'trc_1',
  nowMs: NOW_SECONDS * 1000,
  mode: 'enforced',
} as const
const ACCOUNT = { state: 'found', id: 'acc_1', active: true, linkingSteps: [] } as const

const CODE: AuthorizationCode = {
  jti: 'j-1',
  iat: NOW_SECONDS,
  exp: NOW_SECONDS + 60,
  clientId: 'app',
  redirectUri: REDIRECT,
  codeChallenge: CHALLENGE,
  resource: [RESOURCE],
  scope: ['todos.read', 'todos.write'],
  accountId: 'acc_1',
  issuer: 'https://login.vendor.test',
  subject: 'sub-1',
}

const snapshotWith = (change: object = {}) =>
  makeSnapshot({
    clients: [CLIENT],
    authorizationCode: {},
    resources: [
      { id: RESOURCE, scopes: ['todos.read', 'todos.write'] },
      { id: OTHER, scopes: ['notes.read'] },
    ],
    ...change,
  })

interface Change {
  readonly facts?: Partial<CodeFacts>
  readonly request?: Partial<CodeFacts['request']>
  readonly code?: Partial<AuthorizationCode>
  readonly server?: object
}

function decide({ facts = {}, request = {}, code = {}, server = {} }: Change = {}) {
  return evaluateCode(
    {
      ...FRAME,
      client: { state: 'authenticated', clientId: 'app', method: 'none' },
      dpop: { state: 'absent' },
      request: {
        hasCode: true,
        redirectUri: REDIRECT,
        challenge: CHALLENGE,
        resource: [],
        problems: [],
        ...request,
      },
      code: { ...CODE, ...code },
      account: ACCOUNT,
      origin: { issuer: CODE.issuer },
      replayed: false,
      ...facts,
    },
    snapshotWith(server),
  )
}

const codesOf = ({ checks }: ReturnType<typeof decide>) => checks.flatMap(({ code }) => code ?? [])

describe('a code', () => {
  it('becomes a token for what the user consented to, valid for an hour', () => {
    const record = decide()
    expect(record).toMatchObject({ outcome: 'allow', code: 'XAA0000', stage: 'ras.token' })
    expect(record.granted).toEqual({
      client_id: 'app',
      audience: ISSUER,
      resource: [RESOURCE],
      scope: ['todos.read', 'todos.write'],
      lifetime_seconds: 3600,
      subject: { strategy: 'account', value: 'acc_1' },
    })
    expect(record.request).toMatchObject({ grant_type: GRANT_TYPE.authorizationCode })
  })

  const refused: readonly [string, Change, XaaCode][] = [
    [
      'a repeated parameter',
      { request: { problems: [{ parameter: 'code', problem: 'repeated' }] } },
      'XAA2002',
    ],
    ['no code', { request: { hasCode: false }, facts: { code: undefined } }, 'XAA2002'],
    ['no redirect_uri', { request: { redirectUri: undefined } }, 'XAA2002'],
    ['no verifier', { request: { challenge: undefined } }, 'XAA2002'],
    ['something other than a code', { facts: { code: undefined } }, 'XAA2501'],
    ['the expiry of its minute', { code: { exp: NOW_SECONDS } }, 'XAA2501'],
    ['another client', { code: { clientId: 'other' } }, 'XAA2502'],
    ['another redirect URI', { code: { redirectUri: `${REDIRECT}/` } }, 'XAA2502'],
    ['another verifier', { code: { codeChallenge: 'd'.repeat(43) } }, 'XAA2503'],
    ['a second use', { facts: { replayed: true } }, 'XAA2504'],
    ['another resource', { request: { resource: [OTHER] } }, 'XAA2217'],
    ['a resource that was removed', { server: { resources: [{ id: OTHER }] } }, 'XAA2217'],
    ['scopes that were removed', { server: { resources: [{ id: RESOURCE, scopes: ['x'] }] } }, 'XAA2403'],
    ['a disabled account', { facts: { account: { ...ACCOUNT, active: false } } }, 'XAA2303'],
    ['no account', { facts: { account: { state: 'missing', linkingSteps: [] } } }, 'XAA2301'],
    ['a security event of its issuer', { facts: { revokedBy: 'set-1' } }, 'XAA2216'],
    ['an inactive client', { server: { clients: [{ ...CLIENT, active: false }] } }, 'XAA2102'],
    ['a client without redirect URIs', { server: { clients: [{ ...CLIENT, redirectUris: [] }] } }, 'XAA2102'],
    ['a client without the grant type', { server: { clients: [{ ...CLIENT, grantTypes: [] }] } }, 'XAA2102'],
    ['a server that no longer offers the grant', { server: { authorizationCode: undefined } }, 'XAA2102'],
    [
      'a client that requires bound tokens',
      { server: { clients: [{ ...CLIENT, dpopBoundAccessTokens: true }] } },
      'XAA2215',
    ],
    [
      'a resource that requires bound tokens',
      { server: { resources: [{ id: RESOURCE, scopes: ['todos.read'], dpop: 'required' }] } },
      'XAA2215',
    ],
    [
      'an invalid proof',
      { facts: { dpop: { state: 'refused', nonceNeeded: false, detail: '' } } },
      'XAA2219',
    ],
    ['no proof of the key in the request', { code: { dpopJkt: 'thumb' } }, 'XAA2215'],
    [
      'a proof of a key other than the one in the request',
      { code: { dpopJkt: 'thumb' }, facts: { dpop: { state: 'proved', jkt: 'other' } } },
      'XAA2215',
    ],
    ['too many requests', { facts: { retryAfterSeconds: 5 } }, 'XAA1904'],
    [
      'a company that requires ID-JAG',
      { server: { trustedIssuers: [{ issuer: CODE.issuer, requireIdJag: true }] } },
      'XAA2505',
    ],
  ]
  it.each(refused)('is refused for %s', (_name, change, code) => {
    const record = decide(change)
    expect([record.outcome, record.code, record.granted]).toEqual(['deny', code, null])
    expect(codesOf(record)).toEqual([code])
  })

  it('has a record that says why, for each of these', async ({ expect }) => {
    const accepted: readonly [string, Change][] = [
      ['a proved key', { facts: { dpop: { state: 'proved', jkt: 'thumb' } } }],
      [
        'two resources, one of which accepts only bound tokens',
        {
          code: { resource: [RESOURCE, OTHER], scope: ['todos.read', 'notes.read'] },
          server: {
            resources: [
              { id: RESOURCE, scopes: ['todos.read'] },
              { id: OTHER, scopes: ['notes.read'], dpop: 'required' },
            ],
          },
        },
      ],
      ['one scope fewer', { code: { scope: ['todos.read', 'notes.read'] } }],
      ['no scope at all', { code: { scope: [] } }],
      [
        'the moment of sign-in, and an address',
        { code: { authTime: NOW_SECONDS - 60 }, facts: { ip: '192.0.2.7' } },
      ],
      ['an unknown client', { facts: { client: { state: 'refused', code: 'XAA2101', detail: 'unknown' } } }],
    ]
    const records = [...accepted, ...refused].map(([title, change]) => [title, decide(change)] as const)
    await expect(renderRecords(decide(), records)).toMatchFileSnapshot('testing/code-records.txt')
  })

  it('is bound to the key that the client proved', () => {
    const server = { clients: [{ ...CLIENT, dpopBoundAccessTokens: true }] }
    expect(decide({ server, facts: { dpop: { state: 'proved', jkt: 'thumb' } } }).granted?.cnf).toEqual({
      jkt: 'thumb',
    })
  })

  it('is bound to the key named in the authorization request', () => {
    const facts = { dpop: { state: 'proved', jkt: 'thumb' } } as const
    expect(decide({ code: { dpopJkt: 'thumb' }, facts }).granted?.cnf).toEqual({ jkt: 'thumb' })
  })

  it('is valid until a millisecond before its expiry', () => {
    expect(decide({ code: { exp: NOW_SECONDS + 0.001 } }).outcome).toBe('allow')
  })

  it('is narrowed to the requested resource and to scopes that still exist', () => {
    const code = { resource: [RESOURCE, OTHER], scope: ['todos.read', 'notes.read'] }
    const record = decide({ code, request: { resource: [OTHER] } })
    expect(record).toMatchObject({ code: 'XAA0001', granted: { resource: [OTHER], scope: ['notes.read'] } })
    expect(record.narrowed).toEqual([{ scope: 'todos.read', by: 'resources of todo0', code: 'XAA2403' }])
  })
})

describe('an authorization request', () => {
  const ask = (
    request: Partial<AuthorizationFacts['request']> = {},
    { server = {}, ...facts }: Partial<AuthorizationFacts> & { readonly server?: object } = {},
  ) =>
    evaluateAuthorization(
      {
        ...FRAME,
        clientId: 'app',
        request: {
          responseType: 'code',
          codeChallenge: CHALLENGE,
          codeChallengeMethod: 'S256',
          resource: [RESOURCE],
          problems: [],
          ...request,
        },
        account: ACCOUNT,
        origin: { issuer: CODE.issuer },
        ...facts,
      },
      snapshotWith(server),
    )

  it('has a record that says why', async ({ expect }) => {
    const user = { origin: { issuer: CODE.issuer, subject: 'sub-1' } }
    const before = { account: { state: 'not-looked-up' }, origin: undefined } as const
    const records = {
      'two scopes, spaces and an address': ask(
        { scope: ' todos.read  todos.write' },
        { ...user, ip: '192.0.2.7' },
      ),
      'no user yet': ask({}, before),
      'a repeated parameter': ask({ problems: [{ parameter: 'scope', problem: 'repeated' }] }, user),
      'another response type': ask({ responseType: 'token' }, user),
      'no response type': ask({ responseType: undefined }, user),
      'a challenge in plain text': ask({ codeChallengeMethod: 'plain' }, user),
      'no challenge': ask({ codeChallenge: undefined }, user),
      'a short challenge': ask({ codeChallenge: CHALLENGE.slice(1) }, user),
      'a long challenge': ask({ codeChallenge: `${CHALLENGE}c` }, user),
      'a resource of another server': ask({ resource: ['https://other.test'] }, user),
      'an unknown scope': ask({ scope: 'openid' }, user),
      'a malformed scope': ask({ scope: 'a "b"' }, user),
      'a resource without scopes': ask({}, { ...user, server: { resources: [{ id: RESOURCE }] } }),
      'a scope of a resource without scopes': ask(
        { scope: 'todos.read' },
        { ...user, server: { resources: [{ id: RESOURCE }] } },
      ),
      'one resource of this server and one of another': ask(
        { resource: [RESOURCE, 'https://other.test'] },
        user,
      ),
      'a server without resources': ask({ resource: [] }, { ...user, server: { resources: [] } }),
      'an unknown client': ask({}, { ...user, clientId: 'missing' }),
      'a client without the grant type': ask(
        {},
        { ...user, server: { clients: [{ ...CLIENT, grantTypes: [] }] } },
      ),
      'a server without the grant type': ask({}, { ...user, server: { authorizationCode: undefined } }),
      'no account': ask({}, { ...user, account: { state: 'missing', linkingSteps: [] } }),
      'a disabled account': ask({}, { ...user, account: { ...ACCOUNT, active: false } }),
      'a company that requires ID-JAG': ask(
        {},
        {
          origin: { issuer: IDP },
          server: { trustedIssuers: [{ issuer: IDP, requireIdJag: true }] },
        },
      ),
    }
    await expect(renderRecords(ask({}, user), Object.entries(records))).toMatchFileSnapshot(
      'testing/authorization-records.txt',
    )
  })

  it('grants every scope of the resource if none is requested', () => {
    expect(ask().granted).toMatchObject({ resource: [RESOURCE], scope: ['todos.read', 'todos.write'] })
  })

  it('means the only resource if none is requested', () => {
    const resources = [{ id: RESOURCE, scopes: ['todos.read'] }]
    expect(ask({ resource: [] }, { server: { resources } }).granted?.resource).toEqual([RESOURCE])
    expect(ask({ resource: [] }).code).toBe('XAA2217')
  })

  it('omits unknown scopes', () => {
    expect(ask({ scope: 'todos.read openid' }).granted?.scope).toEqual(['todos.read'])
    expect(ask({ scope: 'openid' }).code).toBe('XAA2403')
  })

  it('states, at a company that requires ID-JAG, where its users get access', () => {
    const record = ask(
      {},
      { origin: { issuer: IDP }, server: { trustedIssuers: [{ issuer: IDP, requireIdJag: true }] } },
    )
    expect([record.code, record.wire.error]).toEqual(['XAA2505', 'access_denied'])
    expect(record.remedies[0]?.text).toContain(IDP)
    expect(record.summary.admin).toContain('by ID-JAG only')
  })

  it('is judged without the user before they have signed in', () => {
    const before = { account: { state: 'not-looked-up' }, origin: undefined } as const
    expect(ask({}, before).outcome).toBe('allow')
    expect(ask({ codeChallengeMethod: 'plain' }, before).code).toBe('XAA2002')
  })
})
