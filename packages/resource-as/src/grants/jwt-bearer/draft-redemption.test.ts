// The draft of an allowed redemption. In a chain, the token behind the ID-JAG may be revoked between its check and the
// commit; the new token must then not stay live.
import { compileRedemptionSnapshot } from '@crosswalk/policy'
import { type DecisionRecord, type Granted, zAuthorizationServer } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import type { TokenSelector } from '../../ports.ts'
import { draftRedemption, type RedemptionParts } from './draft-redemption.ts'

const [IDP, TODO, NOW] = ['https://idp.test', 'https://todo.test/api', 1_800_000_000]
const CHAINED = { iss: IDP, sub: 'todo0-api', act: { iss: IDP, sub: 'agent0' } }

const snapshot = compileRedemptionSnapshot(
  1,
  { issuer: 'https://as.test', clockSkewSeconds: 30 },
  zAuthorizationServer.parse({
    ...{ id: 'main', accessTokenFormat: 'opaque', trustedIssuers: [{ issuer: IDP }] },
    resources: [{ id: TODO, scopes: ['todos.read'] }],
  }),
)
const granted: Granted = {
  ...{ client_id: 'todo0-api', audience: 'https://as.test', resource: [TODO], scope: ['todos.read'] },
  ...{ lifetime_seconds: 300, subject: { strategy: 'account', value: 'acc-1' } },
}
const record = { decision_id: 'dec_1', granted, resolution: { candidates: [], account: 'acc-1' } }

async function issue(act: object, isRevoked: boolean) {
  const revoked: TokenSelector[] = []
  const claims = { iss: IDP, sub: 'alice', jti: 'j', iat: NOW, exp: NOW + 300, act }
  const parts = {
    deps: {
      clock: { nowMs: () => NOW * 1000 },
      tokenDescents: { isOfRevoked: () => Promise.resolve(isRevoked) },
      accessTokens: {
        revoke(selector: TokenSelector) {
          revoked.push(selector)
          return Promise.resolve(1)
        },
      },
    },
    facts: {
      ...{ nowMs: NOW * 1000, decisionId: 'dec_1', account: { state: 'found', id: 'acc-1' }, resolution: {} },
      assertion: { state: 'read', signature: 'valid', algorithm: 'ES256', claims },
    },
    snapshot,
  }
  const draft = draftRedemption(record as unknown as DecisionRecord, parts as unknown as RedemptionParts)
  await draft.issue()
  return { revoked, id: draft.accessToken?.id, uses: draft.uses }
}

it('revokes the token immediately if the one before it was revoked in between', async () => {
  const { revoked, id } = await issue(CHAINED, true)
  expect(revoked).toEqual([{ authorizationServer: 'main', id }])
})

it.each([
  ['the one before it is live', CHAINED, false],
  ['it has no earlier app', { iss: IDP, sub: 'agent0' }, true],
])('revokes nothing if %s', async (_, act, isRevoked) => {
  expect((await issue(act, isRevoked)).revoked).toEqual([])
})

it('remembers the use as long as any clock within the skew accepts the ID-JAG', async () => {
  const { uses } = await issue(CHAINED, false)
  expect(uses).toEqual([{ kind: 'id-jag', key: expect.any(String), expiresAt: NOW + 300 + 30 + 1 }])
})
