// Known facts about identity products, as data, for the doctor, the console, the command line and programs that embed a
// server. It contains no schemas, to keep bundles small.
import { PRESETS } from './presets.ts'
import type { Vendor } from './vendor-schema.ts'

export { judgeQuirk, type QuirkEvidence } from './conditions.ts'
export { fillIssuer, trustedIssuer } from './fill-issuer.ts'
export type { CardField, Quirk, Vendor, VendorRole } from './vendor-schema.ts'

export const VENDORS: readonly Vendor[] = PRESETS

/** @returns the product that an issuer belongs to; also recognizes wrong forms of its issuers */
export function findVendor(issuer: string): Vendor | undefined {
  return VENDORS.find(({ issuer: { matches } }) => new RegExp(matches).test(issuer))
}

/** Whether an authorization server grants only its default scopes to a redemption without `scope`. Others may refuse that parameter. */
export function needsScope(issuer: string): boolean {
  return findVendor(issuer)?.takesIdJags?.needsScope === true
}
