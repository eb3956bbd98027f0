// V: what is known to go wrong with the product that an issuer belongs to. The table is data; see `vendors` of the protocol.
import { findVendor, judgeQuirk, type QuirkEvidence, VENDORS } from '@crosswalk/protocol/vendors'

import { type Check, found, notApplicable, pass } from './finding.ts'

export function listQuirkChecks(role: 'signIn' | 'issuesIdJags'): readonly Check<QuirkEvidence>[] {
  return VENDORS.flatMap((vendor) =>
    (vendor[role]?.quirks ?? []).map((quirk): Check<QuirkEvidence> => {
      const { id, title, why, what, fix } = quirk
      return {
        id,
        title,
        severity: 'warn',
        why,
        judge(evidence) {
          if (findVendor(evidence.issuer)?.id !== vendor.id) return notApplicable
          const saw = judgeQuirk(quirk, evidence)
          return saw === undefined ? pass() : found({ what, saw, fix })
        },
      }
    }),
  )
}

export const TRUST_CHECKS: readonly Check<QuirkEvidence>[] = listQuirkChecks('issuesIdJags')
