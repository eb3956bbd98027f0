// The page without a session: a button to the IdP, or a token field if no roles are configured.
import { Button, PasswordInput } from '@mantine/core'
import { IconLogin2 } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'

import { fetchFromConsole } from './api/client.ts'
import { Logo } from './components/logo.tsx'
import { useWindowTitle } from './hooks/use-window-title.ts'
import { text } from './texts/text.ts'
import { type NoSession, signInUrl } from './session/session.tsx'

export function SignInScreen({ session }: { readonly session: NoSession }) {
  useWindowTitle(text('signIn.button'))
  return (
    <main className="cw-sign-in">
      <div className="cw-card">
        <Logo />
        <h1>{text('signIn.title')}</h1>
        <p className="cw-lead">{text('signIn.lead')}</p>
        {session.why === 'no-role' ? <p role="alert">{text('signIn.noRole')}</p> : null}
        {session.signIn === 'token' ? (
          <TokenForm />
        ) : (
          <Button component="a" href={signInUrl()} variant="filled" leftSection={<IconLogin2 size={18} />}>
            {text('signIn.button')}
          </Button>
        )}
      </div>
    </main>
  )
}

function TokenForm() {
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
