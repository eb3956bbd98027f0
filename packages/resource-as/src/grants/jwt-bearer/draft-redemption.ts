// The result of an allowed redemption: an access token with its origin, prepared before the ledger commits, and signed
// only afterwards.
import { type AccessTokenOrigin, type Draft, replayKeyDigest, type ReplayKey } from '@crosswalk/as-core'
import { buildUserClaims, findTrust, readProfile, type RedemptionSnapshot, mostUses } from '@crosswalk/policy'
import { type DecisionRecord, findReplayEnd, isVerified } from '@crosswalk/protocol'

import type { RedemptionDependencies } from '../../dependencies.ts'
import { draftAccessToken, renderTokenBody } from '../draft-access-token.ts'
import { isOfRevokedToken, type ObservedRedemption } from './observe-redemption.ts'

export interface RedemptionParts {
  readonly deps: RedemptionDependencies
  readonly facts: ObservedRedemption
  readonly snapshot: RedemptionSnapshot
}

export function draftRedemption(record: DecisionRecord, parts: RedemptionParts): Draft {
  const { deps, facts, snapshot } = parts
  const { granted } = record
  const accountId = record.resolution.account
  if (granted === null || accountId === undefined || !isVerified(facts.assertion))
    throw new TypeError('an allowed redemption names its grant and account')
  const idJag = facts.assertion.claims
  const token = draftAccessToken({
    userClaims:
      facts.account.state === 'workload'
        ? { sub_profile: idJag['sub_profile'] }
        : findUserClaims(granted.resource, idJag, parts),
    snapshot,
    record,
    granted,
    idJag,
    accountId,
    now: facts.nowMs / 1000,
    signer: () => deps.signingKeys.current('access-token'),
  })
  return {
    type: 'token.redeemed',
    prepare: token.prepare,
    issued: { jti: token.origin.id, lifetimeSeconds: granted.lifetime_seconds },
    grantId: token.origin.grantId,
    uses: listUses(snapshot, idJag),
    accessToken: token.origin,
    account: facts.resolution.newAccount,
    async issue() {
      await linkAccount(accountId, parts)
      await revokeWithParent(token.origin, parts)
      return renderTokenBody(await token.take(), granted)
    },
  }
}

function findUserClaims(
  resource: readonly string[],
  idJag: Readonly<Record<string, unknown>>,
  { facts, snapshot }: RedemptionParts,
) {
  const trust = findTrust(snapshot, idJag.iss, idJag.tenant)
  const profile = readProfile(facts.account)
  return trust === undefined ? undefined : buildUserClaims({ resource, idJag, trust, profile }, snapshot)
}

/** A concurrent revocation of the access token behind the ID-JAG could not see this token before it was committed. */
async function revokeWithParent(
  { authorizationServer, id }: AccessTokenOrigin,
  { deps, facts }: RedemptionParts,
): Promise<void> {
  if (await isOfRevokedToken(facts.assertion, deps))
    await deps.accessTokens.revoke({ authorizationServer, id }, deps.clock.nowMs())
}

/** The grant is valid even if linking fails; the user is then found by the same strategy next time. */
async function linkAccount(
  accountId: string,
  { deps: { accounts, onFault }, facts: { resolution, decisionId }, snapshot }: RedemptionParts,
): Promise<void> {
  if (resolution.unlinked === undefined) return
  try {
    await accounts.link?.(snapshot.id, accountId, resolution.unlinked)
  } catch (fault) {
    onFault(fault, decisionId)
  }
}

/**
 * Replay keys for its uses, in the order of use, kept until the ID-JAG cannot be accepted any longer: expiry plus skew
 * (RAS-18, SEC-20). The first key is the same for both replay settings, so a server that becomes stricter refuses
 * ID-JAGs that were used before.
 */
function listUses(
  { definition, clockSkewSeconds }: RedemptionSnapshot,
  { iss, jti, exp }: Readonly<Record<string, unknown>>,
): readonly ReplayKey[] {
  const use = (...which: readonly string[]): ReplayKey => ({
    kind: 'id-jag',
    key: replayKeyDigest('id-jag', String(jti), definition.id, String(iss), ...which),
    expiresAt: findReplayEnd(Number(exp), clockSkewSeconds),
  })
  return [use(), ...Array.from({ length: mostUses(definition) - 1 }, (_, index) => use(String(index + 2)))]
}
