// The page without a session: a button to the IdP, or a token field if no roles are configured.
import { Button, PasswordInput } from '@mantine/core'
import { IconLogin2 } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'

import { fetchFromConsole } from './api/client.ts'
import { Logo } from './components/logo.tsx'
import { useWindowTitle } from './hooks/use-window-title.ts'
import { text } from './texts/text.ts'
import { buildSignInUrl, type NoSession } from './session/session.tsx'

export function SignInScreen({ session }: { readonly session: NoSession }) {
  useWindowTitle(text('signIn.button'))
  return (
    <main className="cw-sign-in">
      <SignInCard title={text('signIn.title')}>
        <p className="cw-lead">{text('signIn.lead')}</p>
        {session.why === 'no-role' ? <p role="alert">{text('signIn.noRole')}</p> : null}
        {session.signIn === 'token' ? (
          <TokenForm />
        ) : (
          <Button
            component="a"
            href={buildSignInUrl(location.pathname + location.search)}
            variant="filled"
            leftSection={<IconLogin2 size={18} />}
          >
            {text('signIn.button')}
          </Button>
        )}
      </SignInCard>
    </main>
  )
}

interface SignInCardProps {
  readonly title: string
  readonly children: ReactNode
}

export function SignInCard({ title, children }: SignInCardProps) {
  return (
    <div className="cw-card">
      <Logo />
      <h1>{title}</h1>
      {children}
    </div>
  )
}

export function TokenForm() {
  const queries = useQueryClient()
  const [token, setToken] = useState('')
  const [wrong, setWrong] = useState(false)
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    const response = await fetchFromConsole('/admin/sign-in/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    })
    setWrong(!response.ok)
    if (response.ok) await queries.invalidateQueries({ queryKey: ['session'] })
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <PasswordInput
        label={text('signIn.token')}
        description={text('signIn.tokenHelp')}
        value={token}
        onChange={({ currentTarget }) => setToken(currentTarget.value)}
        error={wrong ? text('signIn.tokenWrong') : undefined}
        autoComplete="off"
        required
        withAsterisk={false}
      />
      <Button type="submit" variant="filled" mt="md">
        {text('signIn.button')}
      </Button>
    </form>
  )
}
