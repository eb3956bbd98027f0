// Sign-ins by which an administrator tries out an app as another user, in the browser where they are signed in
// themselves. They return to a redirect URI of ours and have a separate session cookie, so that the session of the
// browser is neither used nor replaced. The receiver of the code decides what to do with it.
import type { Provider } from 'oidc-provider'

import type { SignInStore } from '../../ports.ts'
import { endSession } from './adapter.ts'
import { recordSignIn } from '../audit.ts'
import type { EndedTrial, SignInPorts } from '../contract.ts'
import { findCurrentRequest } from '../current-request.ts'
import { nameSession } from './sessions.ts'

/** Without the prefix that it has over https. */
export const SESSION_COOKIE = 'crosswalk_session'
const TRIAL_COOKIE = 'crosswalk_trial_session'

const OF_BROWSER = new RegExp(`^((?:__Host-)?)${SESSION_COOKIE}((?:\\.sig)?)$`)
const OF_TRIAL = new RegExp(`^((?:__Host-)?)${TRIAL_COOKIE}((?:\\.sig)?)$`)
const AUTHORIZATION = '/authorize'
/** Pages of a pending request, identified by its interaction. */
const UNDER_WAY = /^\/(?:authorize|sign-in)\/([\w-]{1,64})(?:\/|$)/

export interface Trials {
  /** @returns the request for the provider; undefined if it does not belong to a trial */
  enter(request: Request, path: string, ip?: string): Promise<Request | undefined>
  /** Turns the provider's response into one for the browser. */
  leave(answer: Response): Response
  end(request: Request, ip: string | undefined): Promise<EndedTrial>
}

export function createTrials(redirectUri: string | undefined, ports: SignInPorts): Trials {
  const end: Trials['end'] = (request, ip) => endTrial(request, ip, ports)
  return {
    async enter(request, path, ip) {
      if (redirectUri === undefined) return undefined
      if (path === AUTHORIZATION) {
        if (new URL(request.url).searchParams.get('redirect_uri') !== redirectUri) return undefined
        // The session of an earlier trial would look like a change of user.
        await end(request, ip)
        return withCookies(request, () => undefined)
      }
      const uid = UNDER_WAY.exec(path)?.[1]
      if (uid === undefined || (await findRedirectUri(ports.store, uid)) !== redirectUri) return undefined
      return withCookies(request, (name) => {
        return OF_TRIAL.test(name) ? name.replace(OF_TRIAL, `$1${SESSION_COOKIE}$2`) : undefined
      })
    },
    leave(answer) {
      const cookies = answer.headers.getSetCookie()
      answer.headers.delete('set-cookie')
      for (const cookie of cookies) {
        const [name = ''] = cookie.split('=', 1)
        const renamed = name.replace(OF_BROWSER, `$1${TRIAL_COOKIE}$2`)
        answer.headers.append('set-cookie', renamed + cookie.slice(name.length))
      }
      return answer
    },
    end,
  }
}

/**
 * Every app with sign-in can be tried out, but only at this address, which is in no definition, and only by a request
 * that states it: `enter` would not recognize a pushed one.
 */
export function allowTrials(provider: Provider, redirectUri: string | undefined): void {
  if (redirectUri === undefined) return
  const { redirectUriAllowed } = provider.Client.prototype
  provider.Client.prototype.redirectUriAllowed = function allow(value) {
    if (value === redirectUri)
      return this.responseTypes?.includes('code') === true && isOfTrial(findCurrentRequest()?.path ?? '')
    return redirectUriAllowed.call(this, value)
  }
}

function isOfTrial(path: string): boolean {
  return path === AUTHORIZATION || UNDER_WAY.test(path)
}

async function findRedirectUri(store: SignInStore, uid: string): Promise<unknown> {
  const interaction = await store.find('Interaction', uid)
  return (interaction?.['params'] as Readonly<Record<string, unknown>> | undefined)?.['redirect_uri']
}

/** @param rename - returns the new name of a session cookie; undefined removes it */
function withCookies(request: Request, rename: (name: string) => string | undefined): Request {
  const kept = readCookies(request).flatMap(([name, value]) => {
    const next = OF_BROWSER.test(name) || OF_TRIAL.test(name) ? rename(name) : name
    return next === undefined ? [] : [`${next}=${value}`]
  })
  const changed = new Request(request)
  changed.headers.set('cookie', kept.join('; '))
  return changed
}

function readCookies({ headers }: Request): readonly (readonly [string, string])[] {
  return (headers.get('cookie') ?? '').split(';').flatMap((part) => {
    const at = part.indexOf('=')
    return at === -1 ? [] : [[part.slice(0, at).trim(), part.slice(at + 1).trim()] as const]
  })
}

/**
 * Revokes before and after the end: a fault leaves the session, so that this can be repeated, and what a racing request
 * issued is found once the end is recorded.
 */
async function endTrial(request: Request, ip: string | undefined, ports: SignInPorts): Promise<EndedTrial> {
  const cookies = readCookies(request).filter(([name]) => OF_TRIAL.test(name))
  const id = cookies.find(([name]) => !name.endsWith('.sig'))?.[1]
  const session = id === undefined ? undefined : await ports.store.find('Session', id)
  const cleared = cookies.map(([name]) => renderGone(name))
  if (id === undefined || session === undefined) return { cookies: cleared }
  const { accountId, uid, authorizations } = session as StoredSession
  const revoke = async () => {
    if (accountId === undefined || uid === undefined) return
    await ports.revokeSession?.({ userId: accountId, session: nameSession(uid) })
  }
  await revoke()
  await endSession(ports.store, { jti: id, authorizations })
  if (accountId === undefined) return { cookies: cleared }
  // Other sessions of the same user continue, so no events are sent.
  await recordSignIn(ports, { type: 'session.ended', userId: accountId, ip })
  await revoke()
  return { cookies: cleared, userId: accountId }
}

interface StoredSession {
  readonly accountId?: string
  readonly uid?: string
  readonly authorizations?: Readonly<Record<string, { readonly grantId?: string }>>
}

function renderGone(name: string): string {
  const secure = name.startsWith('__Host-') ? '; secure' : ''
  return `${name}=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT; httponly; samesite=lax${secure}`
}
