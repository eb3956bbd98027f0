// The risk of access: that of its riskiest scope in the catalogue of the resource app.
import type { Items } from './records.ts'

/** A scope without a risk may do anything. */
const UNKNOWN_RISK = 3

/** @returns 0 to 3; 0 without scopes */
export function findHighestRisk(
  world: Pick<Items, 'resource-apps'>,
  { resourceApp, scopes }: { readonly resourceApp: string; readonly scopes: readonly string[] },
): number {
  const meanings = world['resource-apps'].get(resourceApp)?.definition.scopeMeanings ?? {}
  return Math.max(0, ...scopes.map((scope) => meanings[scope]?.risk ?? UNKNOWN_RISK))
}
