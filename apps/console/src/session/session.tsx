// The signed-in user and the permissions of their role. The server authorizes each request; this only controls what is shown.
import type { Role, RouteName } from '@crosswalk/admin-api'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect } from 'react'

import { fetchFromConsole } from '../api/client.ts'
import { followInput } from '../api/attendance.ts'

export interface Session {
  readonly signedIn: true
  readonly id: string
  readonly name: string
  readonly role: Role
  /** The apps that a scoped role is limited to */
  readonly apps?: readonly string[]
  readonly routes: readonly RouteName[]
  readonly expiresAt: string
  readonly baseUrl: string
  /** Issuer of the local IdP, if any */
  readonly issuer?: string
  /** Current position, from which the stream of changes continues */
  readonly state: string
}

export interface NoSession {
  readonly signedIn: false
  readonly why: 'no-session' | 'no-role'
  readonly signIn: 'idp' | 'token'
}

async function readSession(): Promise<Session | NoSession> {
  const response = await fetchFromConsole('/admin/session')
  if (!response.ok) throw new Error(`the session cannot be read: ${response.status}`)
  return (await response.json()) as Session | NoSession
}

export function useSessionQuery() {
  return useQuery({ queryKey: ['session'], queryFn: readSession, staleTime: 60_000 })
}

/**
 * Keeps the tabs of a browser in step, which share one session: a sign-in in one of them continues the others, or shows
 * them that another user has signed in.
 *
 * @param id - of the signed-in user
 */
export function useSharedSignIn(id: string | undefined): void {
  const queries = useQueryClient()
  useEffect(() => {
    const tabs = new BroadcastChannel('crosswalk.sign-in')
    tabs.addEventListener('message', () => void queries.invalidateQueries({ queryKey: ['session'] }))
    if (id !== undefined) tabs.postMessage(null)
    return () => tabs.close()
  }, [queries, id])
}

/** Keeps the session alive while its user acts here, even without a request. */
export function useSessionWhileActing(): void {
  const queries = useQueryClient()
  useEffect(() => followInput(() => void queries.invalidateQueries({ queryKey: ['session'] })), [queries])
}

const SessionContext = createContext<Session | undefined>(undefined)

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>
}

/** @throws outside the signed-in part of the console */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === undefined) throw new Error('useSession needs a SessionProvider')
  return session
}

/** @returns whether the role may call a route */
export function useCan(): (route: RouteName) => boolean {
  const { routes } = useSession()
  return (route) => routes.includes(route)
}

/** @returns when navigation has started @throws if the session may not have ended */
export async function signOut(): Promise<void> {
  const response = await fetchFromConsole('/admin/sign-out', { method: 'POST' })
  if (!response.ok) throw new Error(`the session cannot be ended: ${response.status}`)
  const { to } = (await response.json()) as { readonly to: string }
  location.assign(to)
}

/** Where a tab ends that was only opened to sign in. */
export const SIGNED_IN_PATH = '/admin/signed-in'

/** @param to - path of the console to show afterwards */
export function buildSignInUrl(to: string): string {
  return `/admin/sign-in?to=${encodeURIComponent(to)}`
}
