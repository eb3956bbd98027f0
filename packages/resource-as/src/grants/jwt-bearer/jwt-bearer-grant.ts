// The JWT bearer grant: an ID-JAG becomes an access token. It defines what is observed and judged; `runGrant` orders
// the steps.
import { type Grant, grantIdOf } from '@crosswalk/as-core'
import { evaluateRedemption, type RedemptionSnapshot } from '@crosswalk/policy'
import { isVerified, type JwtFact } from '@crosswalk/protocol'

import type { RedemptionDependencies } from '../../dependencies.ts'
import { draftRedemption } from './draft-redemption.ts'
import { type ObservedRedemption, observeRedemption } from './observe-redemption.ts'

export function createJwtBearer(deps: RedemptionDependencies): Grant<ObservedRedemption, RedemptionSnapshot> {
  return {
    observesDefinitions: deps.issuedIdJags !== undefined,
    snapshot: () => deps.snapshot(),
    observe: (request, caller) => observeRedemption(request, caller, deps),
    // Observed last, so that revocations during the request still apply.
    observeNow: (facts, snapshot) => ({ ...facts, revokedBy: findRevocation(facts, snapshot, deps) }),
    stillHolds: (facts, snapshot) => findRevocation(facts, snapshot, deps) === undefined,
    evaluate: evaluateRedemption,
    describeRefusal: (_record, { assertion }) => ({ type: 'token.refused', grantId: nameGrant(assertion) }),
    draft: (record, facts, snapshot) => draftRedemption(record, { deps, facts, snapshot }),
    withUsed(facts, { kind }) {
      if (kind !== 'id-jag') throw new TypeError(`a redemption consumes no replay key of kind ${kind}`)
      return { ...facts, replayed: true }
    },
  }
}

/** @returns the id of the event that revoked the ID-JAG */
function findRevocation(
  { assertion, account }: ObservedRedemption,
  { id }: RedemptionSnapshot,
  { receivedRevocations }: RedemptionDependencies,
): string | undefined {
  return isVerified(assertion)
    ? receivedRevocations?.find(id, assertion.claims, findAccountId(account))
    : undefined
}

function findAccountId(account: ObservedRedemption['account']): string | undefined {
  return 'id' in account ? account.id : undefined
}

function nameGrant(assertion: JwtFact | undefined): string | undefined {
  const jti = isVerified(assertion) ? assertion.claims.jti : undefined
  return typeof jti === 'string' ? grantIdOf(jti) : undefined
}
