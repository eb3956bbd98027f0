// The only script of the sign-in pages: asks the browser for a passkey and puts the answer into the form. A separate
// file, so that the policy of the pages needs no exception; without it, everything except passkeys works.
import { createHash } from 'node:crypto'

import { checkMethod } from '../expected-error.ts'

/** The markup it expects: `form[data-passkey]` with an input `response` and an element `[data-problem]`. */
const SCRIPT = `'use strict'
{
  const supported = typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === 'function'
  for (const part of document.querySelectorAll('[data-without-passkeys]')) part.hidden = supported
  const forms = supported ? document.querySelectorAll('form[data-passkey]') : []
  for (const form of forms) {
    const answer = form.elements.namedItem('response')
    const problem = form.querySelector('[data-problem]')
    form.closest('[data-passkeys]').hidden = false
    form.addEventListener('submit', async (event) => {
      if (answer.value !== '') return
      event.preventDefault()
      problem.hidden = true
      form.toggleAttribute('aria-busy', true)
      try {
        const credential = await ask(form.dataset.passkey, JSON.parse(form.dataset.options))
        answer.value = JSON.stringify(credential)
        form.requestSubmit(event.submitter)
      } catch (error) {
        problem.textContent = explain(error)
        problem.hidden = false
      } finally {
        form.toggleAttribute('aria-busy', false)
      }
    })
  }

  function ask(kind, options) {
    return kind === 'new'
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
  }

  function explain({ name }) {
    if (name === 'InvalidStateError') return 'This device or key has a passkey for this account already.'
    if (name === 'NotAllowedError') return 'No passkey was used: it was canceled, or took too long. Try again.'
    return 'Your browser could not use a passkey here.'
  }
}
`

export const SCRIPT_PATH = `/sign-in/passkeys.${createHash('sha256').update(SCRIPT).digest('hex').slice(0, 12)}.js`

const ONE_YEAR_SECONDS = 31_536_000

interface Answer {
  readonly path: string
  readonly method: string
  body: unknown
  set(headers: Record<string, string>): void
}

/** @returns false if another path was requested */
export function serveScript(ctx: Answer): boolean {
  if (ctx.path !== SCRIPT_PATH) return false
  checkMethod(ctx, ['GET', 'HEAD'])
  ctx.set({
    'content-type': 'text/javascript; charset=utf-8',
    // A changed script has another name.
    'cache-control': `public, max-age=${ONE_YEAR_SECONDS}, immutable`,
  })
  ctx.body = SCRIPT
  return true
}
