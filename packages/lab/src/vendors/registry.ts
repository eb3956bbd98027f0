// Every identity product of which something is known. A new one is a file here and a line in this table.
import { auth0 } from './auth0.ts'
import { entra } from './entra.ts'
import { google } from './google.ts'
import { keycloak } from './keycloak.ts'
import { okta } from './okta.ts'
import { ping } from './ping.ts'
import { stytch } from './stytch.ts'
import type { Vendor } from './vendor.ts'

export const VENDORS: readonly Vendor[] = [okta, entra, google, ping, keycloak, auth0, stytch]

export function findVendor(issuer: string): Vendor | undefined {
  return VENDORS.find((vendor) => vendor.issuer.test(issuer))
}
