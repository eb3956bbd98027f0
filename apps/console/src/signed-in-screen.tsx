// The end of a tab that was only opened to sign in. It closes itself, and the page that opened it continues.
import { useEffect } from 'react'

import { useWindowTitle } from './hooks/use-window-title.ts'
import { SignInCard } from './sign-in-screen.tsx'
import { text } from './texts/text.ts'

export function SignedInScreen() {
  useWindowTitle(text('signIn.done'))
  useEffect(() => window.close(), [])
  return (
    <main className="cw-sign-in">
      <SignInCard title={text('signIn.done')}>
        <p className="cw-lead">{text('signIn.doneLead')}</p>
        <a href="/admin/">{text('word.overview')}</a>
      </SignInCard>
    </main>
  )
}
