// The ID-JAG that a simulated decision would come to: the claims of the real builder, each with its origin. The step
// that signs cannot be reached from here, and the header is that of no token.
import type { TokenPreview } from '@crosswalk/admin-api'
import { createPairwise } from '@crosswalk/idp'
import {
  buildIdJagClaims,
  type ExchangeSnapshot,
  type EvaluatedUser,
  type SignInFact,
} from '@crosswalk/policy'
import type { DecisionRecord } from '@crosswalk/protocol'

import type { Parts } from '../parts.ts'
import { describeOrigin, isPersonal } from './claim-origins.ts'
import { previewUserClaims } from './user-claims-preview.ts'
import type { Directory } from '../definitions/directory.ts'

interface PreviewParts extends Parts<'sealing'> {
  readonly directory: Pick<Directory, 'current'>
}

export interface PreviewedExchange {
  readonly decision: DecisionRecord
  readonly snapshot: ExchangeSnapshot
  readonly user: EvaluatedUser | undefined
  readonly signIn: SignInFact
  readonly nowMs: number
}

/** @returns null where no ID-JAG would be issued */
export function previewToken(
  { sealing, directory }: PreviewParts,
  { decision, snapshot, user, signIn, nowMs }: PreviewedExchange,
): TokenPreview | null {
  const { granted, resolution } = decision
  const resourceApp = snapshot.resourceApps.get(resolution.resource_app ?? '')
  if (granted === null || user === undefined || resourceApp === undefined) return null
  const claims = buildIdJagClaims({
    issuer: snapshot.issuer,
    granted,
    resourceApp,
    user,
    signIn,
    jti: 'example',
    now: nowMs / 1000,
    pairwise: createPairwise(sealing),
  })
  const shown = Object.entries(claims).filter(([, value]) => value !== undefined)
  return {
    header: { typ: 'example+json' },
    claims: shown
      .sort(([one], [other]) => rankOf(one) - rankOf(other))
      .map(([name, value]) => ({
        name,
        value,
        origin: describeOrigin(name, resourceApp),
        personal: isPersonal(name, resourceApp),
      })),
    bytes: Buffer.byteLength(JSON.stringify(Object.fromEntries(shown))),
    atResource: previewUserClaims(claims, [...directory.current().redemption.values()]),
  }
}

/** In reading order: who says what to whom about whom; what is left in the order of the token. */
const FIRST = ['iss', 'aud', 'client_id', 'sub', 'scope', 'resource']

function rankOf(claim: string): number {
  const at = FIRST.indexOf(claim)
  return at === -1 ? FIRST.length : at
}
