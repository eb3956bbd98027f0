// The console: theme, data and routes for signed-in users; the sign-in page for others.
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { setNonce } from 'get-nonce'
import { useEffect } from 'react'

import { queryClient } from './api/query-client.ts'
import { PageSkeleton, UnreachableState } from './components/states.tsx'
import { installShortcuts } from './keyboard/shortcuts.tsx'
import { router } from './router.tsx'
import { SessionProvider, useSessionQuery } from './session/session.tsx'
import { SignInScreen } from './sign-in-screen.tsx'
import { mantineTheme, resolveVariables } from './theme/mantine-theme.ts'
import { useTheme } from './theme/theme-store.ts'

// The scroll-lock library for dialogs adds its own style element.
setNonce(nonceOfPage())

function nonceOfPage(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
}

export function App() {
  const theme = useTheme()
  useEffect(installShortcuts, [])
  return (
    <MantineProvider
      theme={mantineTheme}
      cssVariablesResolver={resolveVariables}
      forceColorScheme={theme === 'light' ? 'light' : 'dark'}
      getStyleNonce={nonceOfPage}
    >
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" limit={4} />
        <SignInGate />
      </QueryClientProvider>
    </MantineProvider>
  )
}

function SignInGate() {
  const { data: session, isError, refetch } = useSessionQuery()
  if (session === undefined)
    return isError ? <UnreachableState retry={() => void refetch()} /> : <PageSkeleton />
  if (!session.signedIn) return <SignInScreen session={session} />
  return (
    <SessionProvider session={session}>
      <RouterProvider router={router} />
    </SessionProvider>
  )
}
