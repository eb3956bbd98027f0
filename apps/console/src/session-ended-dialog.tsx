// Covers the page when its session ends. The page stays mounted, so that the same user continues with all input, but cannot be seen or
// used: the session may have ended because the user left, or was suspended, and the page must not show it to the next person at the desk.
import { Button } from '@mantine/core'
import { IconLogin2 } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useLayoutEffect, useRef } from 'react'

import { repeatReads } from './api/repeat-reads.ts'
import { buildSignInUrl, type NoSession, SIGNED_IN_PATH } from './session/session.tsx'
import { SignInCard, TokenForm } from './sign-in-screen.tsx'
import { text } from './texts/text.ts'

interface SessionEndedDialogProps {
  readonly signIn: NoSession['signIn']
  /** Of the user whose session has ended */
  readonly name: string
}

export function SessionEndedDialog({ signIn, name }: SessionEndedDialogProps) {
  const queries = useQueryClient()
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const shown = dialog.current
    // Native, since it makes everything else inert, and returns the focus.
    shown?.showModal()
    return () => shown?.close()
  }, [])
  // Reads have failed in the meantime.
  useEffect(() => () => repeatReads(queries), [queries])
  const title = text('signIn.ended')
  return (
    <dialog
      ref={dialog}
      className="cw-sign-in cw-session-ended"
      aria-label={title}
      onCancel={(event) => event.preventDefault()}
    >
      <SignInCard title={title}>
        <p className="cw-lead">{text('signIn.endedLead')}</p>
        {signIn === 'token' ? <TokenForm /> : <SignInTab name={name} />}
      </SignInCard>
    </dialog>
  )
}

function SignInTab({ name }: { readonly name: string }) {
  return (
    <>
      <Button
        component="a"
        href={buildSignInUrl(SIGNED_IN_PATH)}
        target="_blank"
        variant="filled"
        leftSection={<IconLogin2 size={18} />}
      >
        {text('signIn.again')}
      </Button>
      <p className="cw-quiet-text cw-below">{text('signIn.againHelp', { name })}</p>
    </>
  )
}

// Before the layers of the page, which would close although the dialog covers them.
addEventListener(
  'keydown',
  (event) => {
    if (event.key !== 'Escape' || document.querySelector('dialog[open]') === null) return
    event.preventDefault()
    event.stopImmediatePropagation()
  },
  true,
)
