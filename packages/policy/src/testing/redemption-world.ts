// A small vendor for tests of the redemption evaluator: one authorization server, one trusted issuer, two clients.
import { GRANT_TYPE, zAuthorizationServer } from '@crosswalk/protocol'

import type { RedemptionFacts } from '../redemption-facts.ts'
import { compileRedemptionSnapshot, type RedemptionSnapshot } from '../redemption-snapshot.ts'

export const NOW_SECONDS = 1_800_000_000
export const ISSUER = 'https://as.vendor.test'
export const IDP = 'https://idp.acme.test'
export const RESOURCE = 'https://todo.vendor.test/mcp'

const auth = { method: 'client_secret_basic', secret: 's' }

export const SERVER = {
  id: 'todo0',
  trustedIssuers: [{ issuer: IDP, provisioning: 'jit' }],
  clients: [
    { id: 'agent0-at-vendor', auth },
    { id: 'other', auth, issuers: ['https://idp.other.test'] },
  ],
  resources: [{ id: RESOURCE, scopes: ['todos.read', 'todos.write'] }],
  authorizationDetailsTypes: ['todo_list'],
}

export function makeSnapshot(change: Readonly<Record<string, unknown>> = {}): RedemptionSnapshot {
  return compileRedemptionSnapshot(
    1,
    { issuer: ISSUER, clockSkewSeconds: 30 },
    zAuthorizationServer.parse({ ...SERVER, ...change }),
  )
}

export function makeClaims(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    iss: IDP,
    sub: 'usr_alice',
    aud: ISSUER,
    client_id: 'agent0-at-vendor',
    jti: 'j-1',
    iat: NOW_SECONDS,
    exp: NOW_SECONDS + 300,
    resource: RESOURCE,
    scope: 'todos.read',
    ...change,
  }
}

/** The facts of a valid redemption by agent0, with the given changes of claims. */
export function makeFacts(
  claims: Readonly<Record<string, unknown>> = {},
  change: Partial<RedemptionFacts> & { readonly ask?: Partial<RedemptionFacts['request']> } = {},
): RedemptionFacts {
  const { ask, ...facts } = change
  return {
    decisionId: 'dec_1',
    traceId: 'trc_1',
    nowMs: NOW_SECONDS * 1000,
    mode: 'enforced',
    client: { state: 'authenticated', clientId: 'agent0-at-vendor', method: 'client_secret_basic' },
    dpop: { state: 'absent' },
    request: { grantType: GRANT_TYPE.jwtBearer, hasAssertion: true, resource: [], problems: [], ...ask },
    assertion: {
      state: 'read',
      typ: 'oauth-id-jag+jwt',
      algorithm: 'ES256',
      kid: 'k',
      claims: makeClaims(claims),
      signature: 'valid',
    },
    account: { state: 'found', id: 'acc_1', active: true, linkingSteps: [] },
    replayed: false,
    ...facts,
  }
}
