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
    observeNow: (facts, { id }) => ({
      ...facts,
      revokedBy: isVerified(facts.assertion)
        ? deps.receivedRevocations?.find(id, facts.assertion.claims, findAccountId(facts.account))
        : undefined,
    }),
    evaluate: evaluateRedemption,
    describeRefusal: (_record, { assertion }) => ({ type: 'token.refused', grantId: nameGrant(assertion) }),
    draft: (record, facts, snapshot) => draftRedemption(record, { deps, facts, snapshot }),
    withUsed(facts, { kind }) {
      if (kind !== 'id-jag') throw new TypeError(`a redemption consumes no replay key of kind ${kind}`)
      return { ...facts, replayed: true }
    },
  }
}

function findAccountId(account: ObservedRedemption['account']): string | undefined {
  return 'id' in account ? account.id : undefined
}

function nameGrant(assertion: JwtFact | undefined): string | undefined {
  const jti = isVerified(assertion) ? assertion.claims.jti : undefined
  return typeof jti === 'string' ? grantIdOf(jti) : undefined
}
