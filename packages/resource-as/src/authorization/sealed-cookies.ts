// Sealed cookies that only this server can read and write, inaccessible to scripts, other hosts and cross-site posts.
import type { Sealing } from '@crosswalk/as-core'

export interface SealedCookiesParts {
  readonly sealing: Sealing
  /** Public address of this server */
  readonly endpoint: string
  /** Id of this server */
  server(): string
  readonly ttlMs: number
}

export interface SealedCookies {
  /** @returns undefined if it is missing, or not ours */
  read<T>(request: Request, name: string): T | undefined
  write(name: string, value: object): { readonly 'set-cookie': string }
  clear(name: string): string
}

const LABEL = 'authorization-cookie'

export function createSealedCookies({ sealing, endpoint, server, ttlMs }: SealedCookiesParts): SealedCookies {
  const secure = endpoint.startsWith('https:')
  // The prefix makes browsers reject this cookie from sibling hosts (RFC 6265bis section 4.1.3.2).
  const render = (name: string) => `${secure ? '__Host-' : ''}crosswalk-${server()}-${name}`
  const attributes = (seconds: number) =>
    `Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`

  return {
    read<T>(request: Request, name: string): T | undefined {
      const sealed = findCookie(request.headers.get('cookie') ?? '', render(name))
      if (sealed === undefined) return undefined
      try {
        return JSON.parse(sealing.open(LABEL, render(name), sealed)) as T
      } catch {
        return undefined
      }
    },
    write: (name, value) => ({
      'set-cookie': `${render(name)}=${sealing.seal(LABEL, render(name), JSON.stringify(value))}; ${attributes(ttlMs / 1000)}`,
    }),
    clear: (name) => `${render(name)}=; ${attributes(0)}`,
  }
}

function findCookie(header: string, name: string): string | undefined {
  return header
    .split('; ')
    .find((one) => one.startsWith(`${name}=`))
    ?.slice(name.length + 1)
}
