// Subject issuers as the evaluator looks them up: by the issuer identifier, exact.
import type { SubjectIssuerDefinition } from '@crosswalk/protocol'

/** @returns undefined where none is configured */
export function indexSubjectIssuers(
  issuers: readonly SubjectIssuerDefinition[],
): ReadonlyMap<string, SubjectIssuerDefinition> | undefined {
  return issuers.length === 0 ? undefined : new Map(issuers.map((one) => [one.issuer, one]))
}
