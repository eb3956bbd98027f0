// Whether a gateway gets a stored credential: each refusal with its cause, next to a passing case that differs in one
// thing.
import { TOKEN_TYPE, zAuthorizationServer } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import type { CredentialFacts } from './credential-facts.ts'
import { evaluateCredential } from './evaluate-credential.ts'
import { compileRedemptionSnapshot } from './redemption-snapshot.ts'
import { renderRecords } from './testing/render-records.ts'

const API = 'https://gateway.test/calendar'
const auth = { method: 'client_secret_basic', secret: 'a secret' }

function snapshotWith(client: object = {}) {
  const definition = zAuthorizationServer.parse({
    id: 'gateway',
    issuer: 'https://as.test',
    clients: [{ id: 'api', auth, introspects: [API], ...client }],
    resources: [{ id: API, scopes: ['read'] }],
  })
  return compileRedemptionSnapshot(7, { issuer: 'https://as.test', clockSkewSeconds: 30 }, definition)
}

const OWNER = { resourceApp: 'calendar', connection: 'agent-calendar', user: 'usr_alice' }
const FACTS: CredentialFacts = {
  decisionId: 'dec_1',
  traceId: 'trc_1',
  nowMs: 1_800_000_000_000,
  mode: 'enforced',
  client: { state: 'authenticated', clientId: 'api', method: 'client_secret_basic' },
  request: {
    hasToken: true,
    subjectTokenType: TOKEN_TYPE.accessToken,
    requestedTokenType: TOKEN_TYPE.storedCredential,
    problems: [],
  },
  token: {
    live: true,
    clientId: 'agent',
    accountId: 'acc_1',
    issuer: 'https://idp.test',
    resource: [API],
    scope: ['read'],
  },
  credential: { state: 'held', id: 'crd_1', lifetimeSeconds: 60, ...OWNER },
}
const TOKEN = FACTS.token
const decide = (change: Partial<CredentialFacts> = {}, client?: object) =>
  evaluateCredential({ ...FACTS, ...change }, snapshotWith(client))

describe('a gateway', () => {
  it('gets the credential for a live token for its own resource', () => {
    expect(decide()).toMatchObject({
      outcome: 'allow',
      stage: 'ras.token',
      request: { subject: { ref: 'usr_alice' }, actor: { ref: 'agent' } },
      resolution: { resource_app: 'calendar', connection: 'agent-calendar', account: 'acc_1' },
      granted: { lifetime_seconds: 60, client_id: 'agent', scope: ['read'] },
    })
  })

  const refused: readonly [string, string, Partial<CredentialFacts>, object?][] = [
    [
      'a repeated parameter',
      'XAA2002',
      { request: { ...FACTS.request, problems: [{ parameter: 'x', problem: 'repeated' }] } },
    ],
    ['no token', 'XAA2002', { request: { ...FACTS.request, hasToken: false } }],
    [
      'another token type',
      'XAA2002',
      { request: { ...FACTS.request, subjectTokenType: TOKEN_TYPE.idToken } },
    ],
    [
      'another requested token type',
      'XAA2002',
      { request: { ...FACTS.request, requestedTokenType: TOKEN_TYPE.idJag } },
    ],
    ['wrong credentials', 'XAA2101', { client: { state: 'refused', code: 'XAA2101', detail: 'wrong' } }],
    ['too many requests', 'XAA1904', { retryAfterSeconds: 3 }],
    ['an unknown token', 'XAA2601', { token: undefined }],
    ['an inactive token', 'XAA2601', { token: TOKEN && { ...TOKEN, live: false } }],
    [
      'a token for more than its resource',
      'XAA2602',
      { token: TOKEN && { ...TOKEN, resource: [API, 'https://other.test'] } },
    ],
    ['no resource', 'XAA2602', {}, { introspects: [] }],
    ['an inactive client', 'XAA2602', {}, { active: false }],
    ['a public client', 'XAA2602', {}, { auth: { method: 'none' } }],
    ['a client without the grant', 'XAA2602', {}, { grantTypes: [] }],
    ['a resource that is not brokered', 'XAA2603', { credential: { state: 'not-brokered' } }],
    [
      'no stored credential',
      'XAA2604',
      { credential: { state: 'missing', page: 'https://idp.test/me/accounts', ...OWNER } },
    ],
    ['an unreachable service', 'XAA2605', { credential: { state: 'unreachable', ...OWNER } }],
  ]
  it.each(refused)('is refused for %s with %s', (_, code, change, client) => {
    expect(decide(change, client)).toMatchObject({ code, granted: null })
  })

  it('has a record that says why', async ({ expect }) => {
    const address: Partial<CredentialFacts> = { ip: '192.0.2.7' }
    const records = [
      ['an address', decide(address)] as const,
      ...refused.map(([title, , change, client]) => [title, decide(change, client)] as const),
    ]
    await expect(renderRecords(decide(), records)).toMatchFileSnapshot('testing/credential-records.txt')
  })

  it('learns the page that connects the account', () => {
    const missing = { state: 'missing', page: 'https://idp.test/me/accounts', ...OWNER } as const
    expect(decide({ credential: missing }).wire).toMatchObject({
      http: 400,
      error: 'interaction_required',
      error_uri: missing.page,
    })
  })
})
