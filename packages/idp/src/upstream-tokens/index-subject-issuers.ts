// Indexes subject issuers for the evaluator, by exact issuer identifier.
import type { SubjectIssuerDefinition } from '@crosswalk/protocol'

/** @returns undefined if none is configured */
export function indexSubjectIssuers(
  issuers: readonly SubjectIssuerDefinition[],
): ReadonlyMap<string, SubjectIssuerDefinition> | undefined {
  return issuers.length === 0 ? undefined : new Map(issuers.map((one) => [one.issuer, one]))
}
