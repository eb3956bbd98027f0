import { describe, expect, it } from 'vitest'

import { evaluateSignInGrant, mayAskProvider, type SignInGrantFacts } from './evaluate-sign-in-grant.ts'

const FACTS: SignInGrantFacts = {
  decisionId: 'dec_1',
  traceId: 'trc_1',
  nowMs: 1_800_000_000_000,
  mode: 'enforced',
  grantType: 'authorization_code',
  client: { state: 'authenticated', clientId: 'agent0', method: 'client_secret_basic' },
  answer: { http: 200 },
}
const refusedClient = (clientId?: string): SignInGrantFacts['client'] => ({
  state: 'refused',
  code: 'XAA1101',
  detail: 'wrong client secret',
  clientId,
})
const AGENT0 = { name: 'Agent0', active: true, redirectUris: ['https://agent0.test/callback'] }
const knowing = (change: Partial<typeof AGENT0> = {}) => ({
  revision: 7,
  apps: new Map([['agent0', { ...AGENT0, ...change }]]),
})
const decide = (change: Partial<SignInGrantFacts> = {}, snapshot = knowing()) =>
  evaluateSignInGrant({ ...FACTS, ...change }, snapshot)

describe('the record of a token request at sign-in', () => {
  it.each<[boolean, Partial<SignInGrantFacts>]>([
    [true, {}],
    [false, { retryAfterSeconds: 3 }],
    [false, { client: refusedClient('agent0') }],
  ])('reaches the provider: %s', (expected, change) => {
    expect(mayAskProvider({ ...FACTS, ...change }, knowing())).toBe(expected)
  })

  it.each([
    ['is disabled', { active: false }, 'client.active', 'XAA1104'],
    ['has no redirect URI', { redirectUris: [] }, 'client.grant', 'XAA1108'],
  ])('denies the grant to an app that %s, without asking the provider', (_, change, id, code) => {
    const snapshot = knowing(change)
    expect(mayAskProvider(FACTS, snapshot)).toBe(false)
    const record = decide({ answer: undefined }, snapshot)
    expect(record.checks).toEqual([{ id, result: 'fail', code }])
    expect(record.wire).toMatchObject({ http: 400, error: 'unauthorized_client' })
    expect(decide({}, snapshot).outcome).toBe('allow')
  })

  it('allows what the provider answered, and delegates nothing', () => {
    expect(decide()).toMatchObject({
      stage: 'idp.token',
      outcome: 'allow',
      code: 'XAA0000',
      granted: null,
      request: {
        grant_type: 'authorization_code',
        requesting_app: { id: 'agent0', client_id: 'agent0' },
        subject: null,
        resource: [],
        scope: [],
      },
      resolution: { candidates: [] },
      checks: [{ id: 'sign_in.grant', result: 'pass', actual: 'authorization_code' }],
      wire: { http: 200 },
      snapshot: { revision: 7 },
    })
  })

  it.each([
    ['authorization_code', 'Agent0 signed a user in.', 'Agent0 signed Alice Chen in.'],
    ['refresh_token', 'Agent0 renewed the tokens of a user.', 'Agent0 renewed the tokens of Alice Chen.'],
  ])('with %s says so, and names the user to administrators only', (grantType, sentence, admin) => {
    const user = { id: 'usr_alice', username: 'alice', name: 'Alice Chen' }
    const record = decide({ grantType, userId: user.id, user })
    expect(record.summary).toEqual({ user: sentence, developer: sentence, admin })
    expect(record.request.subject).toEqual({ ref: 'usr_alice', display: 'alice' })
  })

  it('names a user whose tokens the provider could not look up', () => {
    const record = decide({ userId: 'usr_gone' })
    expect(record.request.subject).toEqual({ ref: 'usr_gone' })
    expect(record.summary.admin).toBe('Agent0 signed usr_gone in.')
  })

  it.each([
    ['invalid_client', 401, undefined, 'client.authentication', 'XAA1101'],
    ['temporarily_unavailable', 503, 'keys unreachable', 'client.authentication', 'XAA1106'],
    ['invalid_request', 400, "missing required parameter 'code'", 'request.parameters', 'XAA1001'],
    ['invalid_request', 400, 'provided twice', 'request.parameters', 'XAA1004'],
    ['invalid_dpop_proof', 400, 'htu mismatch', 'dpop.proof', 'XAA1007'],
    ['use_dpop_nonce', 400, 'nonce required', 'dpop.proof', 'XAA1008'],
    ['invalid_scope', 400, 'refresh token missing requested scope', 'sign_in.grant', 'XAA1009'],
    ['invalid_grant', 400, undefined, 'sign_in.grant', 'XAA1009'],
  ])('keeps the wire response to %s (%i, %j), and names the check', (error, http, detail, id, code) => {
    const record = decide({ answer: { http, error, detail } })
    expect(record).toMatchObject({ outcome: http === 503 ? 'error' : 'deny', code, wire: { http, error } })
    expect(record.checks).toEqual([{ id, result: 'fail', code, actual: detail ?? error }])
  })

  it('says that a client assertion was used before, which only the provider notices', () => {
    const client = { ...FACTS.client, method: 'private_key_jwt' } as SignInGrantFacts['client']
    const record = decide({ client, answer: { http: 401, error: 'invalid_client', detail: 'failed' } })
    expect(record.checks).toEqual([
      {
        ...{ id: 'client.authentication', result: 'fail', code: 'XAA1102' },
        actual: 'client assertion already used',
      },
    ])
  })

  it('names the claimed client if it failed to authenticate', () => {
    const record = decide({ client: refusedClient('agent0'), answer: undefined })
    expect(record.checks).toEqual([
      { id: 'client.authentication', result: 'fail', code: 'XAA1101', actual: 'wrong client secret' },
    ])
    expect(record).toMatchObject({ request: { requesting_app: { id: 'agent0' } }, wire: { http: 401 } })
    expect(decide({ client: refusedClient(), answer: undefined })).toMatchObject({
      request: { requesting_app: null },
      summary: { admin: expect.stringContaining('An unknown app') },
    })
  })

  it('states when to retry if requests come too often', () => {
    const record = decide({ retryAfterSeconds: 3, answer: undefined })
    expect(record.checks).toMatchObject([{ id: 'client.rate', result: 'fail', code: 'XAA1904' }])
    expect(record.wire).toMatchObject({ http: 429, retry_after: 3 })
  })
})
