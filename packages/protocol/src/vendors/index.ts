// What is known of identity products, as data: for the doctor, the console, the command line and programs that embed a
// server. Without schemas, so that it is small in a bundle.
import { PRESETS } from './presets.ts'
import type { Vendor } from './vendor-schema.ts'

export { judgeQuirk, type QuirkEvidence } from './conditions.ts'
export { fillIssuer, trustedIssuer } from './fill-issuer.ts'
export type { CardField, Quirk, Vendor, VendorRole } from './vendor-schema.ts'

export const VENDORS: readonly Vendor[] = PRESETS

/** @returns the product that an issuer belongs to, wrong forms of its issuers included */
export function findVendor(issuer: string): Vendor | undefined {
  return VENDORS.find(({ issuer: { matches } }) => new RegExp(matches).test(issuer))
}
