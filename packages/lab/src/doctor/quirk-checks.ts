// V: known pitfalls of the product behind an issuer. The table is data; see `vendors` in the protocol package.
import { findVendor, judgeQuirk, type QuirkEvidence, VENDORS } from '@crosswalk/protocol/vendors'

import { type DoctorCheck, found, notApplicable, pass } from './finding.ts'

export function listQuirkChecks(role: 'signIn' | 'issuesIdJags'): readonly DoctorCheck<QuirkEvidence>[] {
  return VENDORS.flatMap((vendor) =>
    (vendor[role]?.quirks ?? []).map((quirk): DoctorCheck<QuirkEvidence> => {
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

export const TRUST_CHECKS: readonly DoctorCheck<QuirkEvidence>[] = listQuirkChecks('issuesIdJags')
