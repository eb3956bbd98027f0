// The two cookies of the console. Neither can be read by a script, and neither holds a token.
import { CONSOLE_PATH } from './console-app.ts'

export const SESSION_COOKIE = 'crosswalk_console'
export const ATTEMPT_COOKIE = 'crosswalk_console_sign_in'

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
}

export function renderCookie(name: string, value: string, options: CookieOptions): string {
  const { secure, sameSite, maxAgeSeconds } = options
  return [
    `${name}=${value}`,
    `Path=${CONSOLE_PATH}`,
    'HttpOnly',
    `SameSite=${sameSite}`,
    `Max-Age=${maxAgeSeconds}`,
    ...(secure ? ['Secure'] : []),
  ].join('; ')
}
