// The console: theme, data, and what the session allows to be shown.
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { setNonce } from 'get-nonce'
import { useEffect } from 'react'

import { queryClient } from './api/query-client.ts'
import { installShortcuts } from './keyboard/shortcuts.tsx'
import { SignInGate } from './sign-in-gate.tsx'
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
