// What a browser tab shows, by its session: the sign-in page, the console, or the console covered until its user signs in again.
import { RouterProvider } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'

import { useLiveUpdates } from './api/live.ts'
import { PageSkeleton, UnreachableState } from './components/states.tsx'
import { router } from './router.tsx'
import {
  type Session,
  SessionProvider,
  SIGNED_IN_PATH,
  useSessionQuery,
  useSessionWhileActing,
  useSharedSignIn,
} from './session/session.tsx'
import { SessionEndedDialog } from './session-ended-dialog.tsx'
import { SignInScreen } from './sign-in-screen.tsx'
import { SignedInScreen } from './signed-in-screen.tsx'

export function SignInGate() {
  const { data: session, isError, refetch } = useSessionQuery()
  /** The latest session of the user who opened the page */
  const [own, setOwn] = useState<Session>()
  const signedIn = session?.signedIn === true ? session : undefined
  const isOther = signedIn !== undefined && own !== undefined && signedIn.id !== own.id
  if (signedIn !== undefined && signedIn !== own && !isOther) setOwn(signedIn)
  useSharedSignIn(signedIn?.id)
  useSessionWhileActing()
  if (session === undefined)
    return isError ? <UnreachableState retry={() => void refetch()} /> : <PageSkeleton />
  if (isOther) return <Reload />
  if (session.signedIn)
    return location.pathname === SIGNED_IN_PATH ? (
      <SignedInScreen />
    ) : (
      <Console session={session}>
        <LiveUpdates since={session.state} />
      </Console>
    )
  // Who has lost their role has nothing to continue.
  if (own === undefined || session.why === 'no-role') return <SignInScreen session={session} />
  return (
    <Console session={own}>
      <SessionEndedDialog signIn={session.signIn} name={own.name} />
    </Console>
  )
}

interface ConsoleProps {
  readonly session: Session
  readonly children: ReactNode
}

function Console({ session, children }: ConsoleProps) {
  return (
    <SessionProvider session={session}>
      {children}
      <RouterProvider router={router} />
    </SessionProvider>
  )
}

function LiveUpdates({ since }: { readonly since: string }) {
  useLiveUpdates(since)
  return null
}

/** Forgets what another user read and entered. Unlike that page, this one does not ask before it goes. */
function Reload() {
  useEffect(() => location.reload(), [])
  return <PageSkeleton />
}
