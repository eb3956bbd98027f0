// U: whether an identity provider can be a subject issuer, whose ID tokens apps exchange here. Pure.
import { ASYMMETRIC_ALGORITHMS, type SubjectIssuerDefinition } from '@crosswalk/protocol'

import { listTexts, type ServerEvidence } from './evidence.ts'
import { type DoctorCheck, found, notApplicable, pass } from './finding.ts'
import { listQuirkChecks } from './quirk-checks.ts'
import { judgeMetadata, judgeIssuer, SHARED_CHECKS, WHY_ISSUER, WHY_METADATA } from './server-checks.ts'

export interface UpstreamEvidence extends ServerEvidence {
  /** As defined in the configuration; undefined if only the issuer is known */
  readonly entry?: SubjectIssuerDefinition
}

type UpstreamCheck = DoctorCheck<UpstreamEvidence>

const OWN_CHECKS: readonly UpstreamCheck[] = [
  {
    id: 'U01',
    title: 'metadata of the subject issuer',
    severity: 'fail',
    why: WHY_METADATA,
    judge: judgeMetadata,
  },
  {
    id: 'U02',
    title: 'subject issuer, byte for byte',
    severity: 'fail',
    why: WHY_ISSUER,
    needs: ['U01'],
    judge: judgeIssuer,
  },
  {
    id: 'U03',
    title: 'algorithms of its ID tokens',
    severity: 'fail',
    why: 'An ID token with another algorithm is denied; one signed with a shared secret proves nothing here.',
    needs: ['U01'],
    judge({ metadata, entry }) {
      const signed = listTexts(metadata?.id_token_signing_alg_values_supported)
      if (signed === undefined) return notApplicable
      const taken: readonly string[] = entry?.algorithms ?? ASYMMETRIC_ALGORITHMS
      return signed.some((algorithm) => taken.includes(algorithm))
        ? pass(signed.join(' '))
        : found({
            what: 'It signs ID tokens with no algorithm that is accepted here',
            saw: signed.join(' '),
            expected: taken.join(' '),
            fix: 'Choose RS256 or ES256 for the client there, or add its algorithm to `algorithms`.',
          })
    },
  },
  {
    id: 'U04',
    title: 'signing keys of the subject issuer',
    severity: 'fail',
    why: 'ID tokens are verified with its public keys.',
    needs: ['U01'],
    judge: (evidence) => SHARED_CHECKS.find(({ id }) => id === 'M05')?.judge(evidence) ?? notApplicable,
  },
  {
    id: 'U05',
    title: 'logout there ends access here',
    severity: 'info',
    why: 'Without back-channel logout, access ends by age, by SCIM, or by security events.',
    needs: ['U01'],
    judge({ metadata, entry }) {
      const offers = metadata?.backchannel_logout_supported === true
      const hasOther = entry?.securityEvents !== undefined || (entry?.maxAgeSeconds ?? 0) <= 3600
      return offers || (entry !== undefined && hasOther)
        ? pass(offers ? 'back-channel logout' : 'by age or events')
        : found({
            what: 'It does not state that it sends logout tokens',
            saw: 'no backchannel_logout_supported',
            fix: 'Provision users by SCIM, accept its security events, or keep `maxAgeSeconds` at an hour or less.',
          })
    },
  },
]

export const UPSTREAM_CHECKS: readonly UpstreamCheck[] = [...OWN_CHECKS, ...listQuirkChecks('signIn')]
