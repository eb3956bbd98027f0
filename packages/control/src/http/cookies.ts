// The cookies of the console. Scripts cannot read them, and none contains a token.
import { CONSOLE_PATH } from '../config-file/console-app-id.ts'

export const SESSION_COOKIE = 'crosswalk_console'
export const ATTEMPT_COOKIE = 'crosswalk_console_sign_in'
/** Ties the browser to the session that started a proof, for its return from sign-in. */
export const PROOF_COOKIE = 'crosswalk_console_proof'

/** Redirect path for the sign-in of a proof. */
export const PROOF_PATH = `${CONSOLE_PATH}/prove/callback`

export interface CookieOptions {
  /** `Strict`: never sent on requests from another site; `Lax`: sent when a link leads here, as after sign-in */
  readonly sameSite: 'Strict' | 'Lax'
  readonly maxAgeSeconds: number
  /** A path below the console, used over http; default: the whole console */
  readonly path?: string
}

export interface ConsoleCookies {
  read(request: Request, name: string): string | undefined
  /** @returns the value of a `Set-Cookie` header */
  render(name: string, value: string, options: CookieOptions): string
}

/**
 * Over https, the prefix `__Host-` makes browsers refuse such a cookie from sibling hosts (RFC 6265bis section
 * 4.1.3.2); it demands the path `/`. Over http the path is narrow, because cookies are shared by all ports of a host.
 */
export function createConsoleCookies(baseUrl: string): ConsoleCookies {
  const isSecure = baseUrl.startsWith('https:')
  const prefix = isSecure ? '__Host-' : ''
  return {
    read: (request, name) => readCookie(request, prefix + name),
    render: (name, value, { sameSite, maxAgeSeconds, path = CONSOLE_PATH }) =>
      [
        `${prefix}${name}=${value}`,
        `Path=${isSecure ? '/' : path}`,
        'HttpOnly',
        `SameSite=${sameSite}`,
        `Max-Age=${maxAgeSeconds}`,
        ...(isSecure ? ['Secure'] : []),
      ].join('; '),
  }
}

function readCookie(request: Request, name: string): string | undefined {
  for (const part of (request.headers.get('cookie') ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=')
    if (key === name) return value.join('=')
  }
  return undefined
}
