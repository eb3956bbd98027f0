// The cookies of the console. None can be read by a script, and none holds a token.
import { CONSOLE_PATH } from '../config-file/console-app-id.ts'

export const SESSION_COOKIE = 'crosswalk_console'
export const ATTEMPT_COOKIE = 'crosswalk_console_sign_in'
/** Says for which session this browser may come back from the sign-in of a proof. */
export const PROOF_COOKIE = 'crosswalk_console_proof'

/** Where the sign-in of a proof comes back to. */
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
  /** `Strict`: never sent with a request that another site began; `Lax`: with a link from there, as after sign-in */
  readonly sameSite: 'Strict' | 'Lax'
  readonly maxAgeSeconds: number
  /** Below the console; all of it unless given */
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
