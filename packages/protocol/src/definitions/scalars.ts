// Scalars of the configuration file and the admin API. Numbers and booleans may be strings, as environment variables
// are.
import { z } from 'zod'

import { isDisplayName } from '../display-name.ts'
import { isIssuerIdentifier, isServerUrl } from '../addresses/issuer-identifier.ts'
import { isResourceIdentifier } from '../addresses/resource-identifier.ts'

export const zId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/,
    'an id: letters, digits and . _ : @ -, at most 128, not starting with punctuation',
  )

/** A display name; may be empty. */
export function zDisplayName(maximumLength: number) {
  return z
    .string()
    .max(maximumLength)
    .refine(
      (text) => text === '' || isDisplayName(text, maximumLength),
      'a visible name on one line, without invisible characters',
    )
}

/** A client_id: printable ASCII (RFC 6749 appendix A.1), which includes Client ID Metadata Document URLs. */
export const zClientId = z
  .string()
  .regex(/^[\x20-\x7e]{1,512}$/, 'a client id: 1 to 512 printable ASCII characters')

/** A segment `.` or `..` of a URL, escaped or not, stands for another path. */
export function isPathSegment(id: string): boolean {
  return id !== '.' && id !== '..'
}

export const PATH_SEGMENT = 'an id other than . and .., which no URL can name'

export const zBoolean = z
  .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
  .pipe(z.boolean())

/** A whole number within both bounds, as a number or decimal text; JSON Schema shows the bounds. */
export function zInteger(minimum: number, maximum: number) {
  return z
    .union([
      z.number(),
      z
        .string()
        .regex(/^-?\d+$/, 'a whole number')
        .transform(Number),
    ])
    .pipe(z.int().min(minimum).max(maximum))
    .meta({ minimum, maximum })
}

/** RFC 3339 timestamp with offset. */
export const zTimestamp = z.iso.datetime({ offset: true })

export const zResource = z
  .string()
  .refine(isResourceIdentifier, 'an absolute URI without fragment (RFC 8707 section 2)')

/** https, or http for loopback hosts only; no query, no fragment (RFC 8414 section 2). Compared byte for byte. */
export const zIssuer = z
  .string()
  .refine(isIssuerIdentifier, 'an issuer: https URL (http for loopback hosts only) without query or fragment')

/** https, or http for loopback hosts only (RFC 6749 section 3.2). */
export const zServerUrl = z.string().refine(isServerUrl, 'an https URL (http for loopback hosts only)')

export const zScopeToken = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'a scope token (RFC 6749 section 3.3)')
