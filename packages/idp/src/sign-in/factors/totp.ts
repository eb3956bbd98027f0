// Time-based codes (RFC 6238) as authenticator apps create them: SHA-1, six digits, steps of thirty seconds, which
// every app supports. Finds the step of a code; does not track which codes were used.
import type { EpochMs } from '@crosswalk/protocol'
import { Secret, TOTP } from 'otpauth'

const STEP_MS = 30_000
/** One step on either side, for differing clocks and slow typing (RFC 6238 section 5.2). */
const WINDOW_STEPS = 1
/** As long as the hash (RFC 4226 section 4, R6). */
const SECRET_BYTES = 20

/** @returns 160 random bits in base32 */
export function createTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32
}

/** @returns the time step of the code; undefined if it belongs to neither the current nor an adjacent step */
export function findTotpStep(secret: string, code: string, now: EpochMs): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined
  const delta = buildTotp(secret).validate({ token: code, timestamp: now, window: WINDOW_STEPS })
  return delta === null ? undefined : Math.floor(now / STEP_MS) + delta
}

export interface TotpAccount {
  readonly secret: string
  /** Shown by the app: the IdP and the user */
  readonly issuer: string
  readonly username: string
}

/** @returns the `otpauth:` URI that authenticator apps read from a QR code */
export function buildTotpUri({ secret, issuer, username }: TotpAccount): string {
  // Apps treat a colon as the end of the issuer.
  return new TOTP({
    secret,
    issuer: issuer.replaceAll(':', ' '),
    label: username.replaceAll(':', ' '),
  }).toString()
}

function buildTotp(secret: string): TOTP {
  return new TOTP({ secret, period: STEP_MS / 1000, digits: 6, algorithm: 'SHA1' })
}
