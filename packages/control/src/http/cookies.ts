// The cookies of the console. Scripts cannot read them, and none contains a token.
import { CONSOLE_PATH } from '../config-file/console-app-id.ts'

export const SESSION_COOKIE = 'crosswalk_console'
export const ATTEMPT_COOKIE = 'crosswalk_console_sign_in'
/** Ties the browser to the session that started a proof, for its return from sign-in. */
export const PROOF_COOKIE = 'crosswalk_console_proof'

/** Redirect path for the sign-in of a proof. */
export const PROOF_PATH = `${CONSOLE_PATH}/prove/callback`

export function readCookie(request: Request, name: string): string | undefined {
  for (const part of (request.headers.get('cookie') ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=')
    if (key === name) return value.join('=')
  }
  return undefined
}

export interface CookieOptions {
  /** Whether the console is served over https */
  readonly secure: boolean
  /** `Strict`: never sent on requests from another site; `Lax`: sent when a link leads here, as after sign-in */
  readonly sameSite: 'Strict' | 'Lax'
  readonly maxAgeSeconds: number
  /** A path below the console; default: the whole console */
  readonly path?: string
}

export function renderCookie(name: string, value: string, options: CookieOptions): string {
  const { secure, sameSite, maxAgeSeconds, path = CONSOLE_PATH } = options
  return [
    `${name}=${value}`,
    `Path=${path}`,
    'HttpOnly',
    `SameSite=${sameSite}`,
    `Max-Age=${maxAgeSeconds}`,
    ...(secure ? ['Secure'] : []),
  ].join('; ')
}
