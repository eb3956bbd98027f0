// The authorization code grant: a user's consent becomes an access token. It defines what is observed and judged;
// `runGrant` orders the steps.
import { buildAuditEvent, type Draft, type Grant, grantIdOf, replayKeyDigest } from '@crosswalk/as-core'
import {
  buildUserClaims,
  describeCode,
  evaluateCode,
  readProfile,
  type RedemptionSnapshot,
} from '@crosswalk/policy'
import { type DecisionRecord, GRANT_TYPE } from '@crosswalk/protocol'

import { codeReplayKey, type SealedCode } from '../../authorization/codes.ts'
import type { CodeDependencies } from '../../dependencies.ts'
import { type RecordedRevocation, revokeRecorded } from '../../revoke-recorded.ts'
import { draftAccessToken, renderTokenBody } from '../draft-access-token.ts'
import { type ObservedCode, observeCode } from './observe-code.ts'

export function createAuthorizationCode(deps: CodeDependencies): Grant<ObservedCode, RedemptionSnapshot> {
  return {
    snapshot: () => deps.snapshot(),
    observe: (request, caller) => observeCode(request, caller, deps),
    observeNow: (facts, snapshot) => ({ ...facts, revokedBy: findRevocation(facts, snapshot, deps) }),
    stillHolds: (facts, snapshot) => findRevocation(facts, snapshot, deps) === undefined,
    evaluate: evaluateCode,
    describeRefusal: (_record, { code }) => ({
      type: 'token.refused',
      grantId: code === undefined ? undefined : grantIdOf(code.jti),
    }),
    async afterRefusal({ code: reason }, { code }) {
      if (reason === 'XAA2504' && code !== undefined) await revokeFirstUse(code, deps)
    },
    draft: (record, facts, snapshot) => draftCodeToken(record, { facts, snapshot, deps }),
    withUsed(facts, { kind }) {
      if (kind !== 'authorization-code') throw new TypeError(`a code consumes no replay key of kind ${kind}`)
      return { ...facts, replayed: true }
    },
  }
}

/** @returns the id of the event that revoked the sign-in */
function findRevocation(
  { code }: ObservedCode,
  { id }: RedemptionSnapshot,
  { receivedRevocations }: CodeDependencies,
): string | undefined {
  return code && receivedRevocations?.findOfSignIn(id, describeCode(code), code.accountId)
}

interface Parts {
  readonly facts: ObservedCode
  readonly snapshot: RedemptionSnapshot
  readonly deps: CodeDependencies
}

function draftCodeToken(record: DecisionRecord, { facts, snapshot, deps }: Parts): Draft {
  const { granted } = record
  const { code } = facts
  const accountId = record.resolution.account
  if (granted === null || accountId === undefined || code === undefined)
    throw new TypeError('an allowed code names its grant and account')
  const idJag = describeCode(code)
  const profile = readProfile(facts.account)
  const token = draftAccessToken({
    snapshot,
    record,
    granted,
    idJag,
    grantType: GRANT_TYPE.authorizationCode,
    accountId,
    userClaims: buildUserClaims({ resource: granted.resource, idJag, profile }, snapshot),
    now: facts.nowMs / 1000,
    signer: () => deps.signingKeys.current('access-token'),
  })
  return {
    type: 'token.issued',
    prepare: token.prepare,
    issued: { jti: token.origin.id, lifetimeSeconds: granted.lifetime_seconds },
    grantId: token.origin.grantId,
    replayKeys: [codeReplayKey(code, snapshot.id)],
    accessToken: token.origin,
    account: facts.account.state === 'new' ? code.newAccount : undefined,
    issue: async () => renderTokenBody(await token.take(), granted),
  }
}

/** If a code is used twice, one of the two users stole it, so neither keeps the tokens (RFC 6749 section 4.1.2). */
async function revokeFirstUse(
  { jti, exp, clientId, subject, accountId, issuer }: SealedCode,
  { accessTokens, snapshot, clock, events }: CodeDependencies,
): Promise<void> {
  const { id: authorizationServer } = snapshot()
  const grantId = grantIdOf(jti)
  const nowMs = clock.nowMs()
  const revocation: RecordedRevocation = {
    revoke: () => accessTokens.revoke({ authorizationServer, grantId }, nowMs),
    buildEvent: (count) =>
      buildAuditEvent(nowMs, {
        type: 'token.revoked',
        category: 'response',
        severity: 'warning',
        outcome: 'success',
        actor: { kind: 'app', id: clientId, client_id: clientId },
        on_behalf_of: { user_ref: subject, subject_at_resource_ref: accountId },
        delegation: { issuer, grant_id: grantId },
        change: { revoked_tokens: count },
      }),
    once: {
      kind: 'token-revocation',
      key: replayKeyDigest('token-revocation', jti, authorizationServer, 'authorization-code'),
      expiresAt: exp + 1,
    },
  }
  await revokeRecorded(revocation, events)
}
