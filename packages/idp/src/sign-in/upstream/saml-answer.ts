// Whether a verified assertion answers our request: for us, now, and from the provider we asked. Pure.
import { type EpochSeconds, inspectSamlAssertion, SAML_BEARER, type SamlAssertion } from '@crosswalk/protocol'

import { CLOCK_TOLERANCE_SECONDS } from '@crosswalk/as-core/oidc'

export interface SamlQuestion {
  /** Entity id of the identity provider that was asked */
  readonly entityId: string
  readonly ownEntityId: string
  readonly acsUrl: string
  readonly requestId: string
  /** The user must have signed in after this time */
  readonly notBefore?: EpochSeconds | undefined
  readonly now: EpochSeconds
}

/**
 * @returns the problem, for operators; undefined if the assertion is accepted
 * @see SAML profiles section 4.1.4.3
 */
export function findSamlAnswerProblem(
  assertion: SamlAssertion,
  { entityId, ownEntityId, acsUrl, requestId, notBefore, now }: SamlQuestion,
): string | undefined {
  const findings = inspectSamlAssertion(assertion, {
    entityId,
    recipients: [acsUrl],
    audiences: { [ownEntityId]: ownEntityId },
    clientId: ownEntityId,
    now,
    clockSkewSeconds: CLOCK_TOLERANCE_SECONDS,
  })
  const wrong = findings.find(({ code }) => code !== undefined)
  if (wrong !== undefined) return `the assertion: ${describe(wrong)}`
  const answers = assertion.confirmations.some(
    (one) => one.method === SAML_BEARER && one.recipient === acsUrl && one.inResponseTo === requestId,
  )
  if (!answers) return 'the assertion answers another request, or none'
  const signedInAt = assertion.authnStatements[0]?.instant ?? Number.NEGATIVE_INFINITY
  return notBefore !== undefined && signedInAt < notBefore - CLOCK_TOLERANCE_SECONDS
    ? 'the user did not sign in again, although a new sign-in was required'
    : undefined
}

function describe({ id, expected, actual }: ReturnType<typeof inspectSamlAssertion>[number]): string {
  const name = id.replace('subject_token.', '')
  return `${name} should be ${JSON.stringify(expected)}, not ${JSON.stringify(actual)}`
}
