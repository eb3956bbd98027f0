// Builds an issuer, and an entry of `trustedIssuers`, from a product and the values that differ between companies.
import type { zTrustedIssuer } from '../definitions/authorization-server.ts'
import { PRESETS } from './presets.ts'
import type { Vendor } from './vendor-schema.ts'

type Preset = (typeof PRESETS)[number]
type Issuing = Extract<Preset, { readonly issuesIdJags: object }>
type TrustedIssuer = (typeof zTrustedIssuer)['_input']

/** The values to fill in; those without a default are required. */
export type FillOf<P extends Preset> = {
  readonly [
    Name in keyof P['issuer']['fill'] as P['issuer']['fill'][Name] extends { readonly default: string }
      ? never
      : Name
  ]: string
} & { readonly [Name in keyof P['issuer']['fill']]?: string }

/** @returns the issuer, exactly as the product writes it; missing values stay in braces */
export function fillIssuer(
  { issuer: { form, fill } }: Pick<Vendor, 'issuer'>,
  given: Readonly<Record<string, string | undefined>>,
): string {
  return form.replace(/\{([a-z]+)\}/g, (hole, name: string) => {
    const value = given[name]?.trim() ?? ''
    return value === '' ? (fill[name]?.default ?? hole) : value
  })
}

/**
 * An entry of `trustedIssuers` for a product that issues ID-JAGs.
 *
 * @param more - members that differ from the product's defaults
 * @throws TypeError if a part of the issuer is missing or is a whole URL, or if the product issues no ID-JAGs
 */
export function trustedIssuer<Id extends Issuing['id']>(
  id: Id,
  given: FillOf<Extract<Issuing, { readonly id: Id }>>,
  more: Omit<TrustedIssuer, 'issuer'> = {},
): TrustedIssuer {
  const preset: Vendor | undefined = PRESETS.find((one) => one.id === id)
  if (preset?.issuesIdJags === undefined) throw new TypeError(`${id} is not a product that issues ID-JAGs`)
  const issuer = fillIssuer(preset, given)
  if (issuer.includes('{')) throw new TypeError(`the issuer of ${id} is incomplete: ${issuer}`)
  refuseWholeUrls(preset, given)
  return { ...(preset.issuesIdJags.entry as Partial<TrustedIssuer>), ...more, issuer }
}

/** `https://https://acme.okta.com` is a valid URL, and would trust a host named `https`. */
function refuseWholeUrls(
  { id, issuer: { form, fill } }: Vendor,
  given: Readonly<Record<string, string | undefined>>,
): void {
  for (const [name, { example }] of Object.entries(fill))
    if (form !== `{${name}}` && given[name]?.includes('/'))
      throw new TypeError(`${name} of ${id} must be like ${example}, without https:// and path`)
}
