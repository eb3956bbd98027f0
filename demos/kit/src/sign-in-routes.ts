// The sign-in and sign-out routes of every app with a page: /signin, /callback, /signout.
import type { Context, Hono } from 'hono'

import { isFormToken } from './form-guard.ts'
import { createSessions, type Sessions } from './sessions.ts'
import {
  type SignedIn,
  type SignIn,
  type SignInAttempt,
  SignInRefused,
  type SignInRequirements,
} from './sign-in.ts'

export interface SignInRoutes<T extends { readonly formToken: string; readonly signedIn: SignedIn }> {
  readonly signIn: SignIn
  readonly sessions: Sessions<T>
  /** Cookie name of pending attempts */
  readonly attemptCookie: string
  /** Public origin of the app, to reconstruct the redirect URI as called */
  readonly baseUrl: string
  /** @param before - the session of the same user in the same browser, who signed in again */
  createSession(signedIn: SignedIn, before?: T): T
  /** Discards what is stored elsewhere for a session */
  endSession(session: T): void
  /** Shows why sign-in failed, in words for the user */
  renderProblem(c: Context, text: string): Response | Promise<Response>
}

const ATTEMPT_SECONDS = 900

export function addSignInRoutes<T extends { readonly formToken: string; readonly signedIn: SignedIn }>(
  app: Hono,
  routes: SignInRoutes<T>,
): void {
  const { signIn, sessions, attemptCookie, baseUrl, renderProblem } = routes
  const attempts = createSessions<SignInAttempt>({ cookieName: attemptCookie, idleSeconds: ATTEMPT_SECONDS })

  app.get('/signin', async (c) => {
    const begun = await signIn.begin(readWanted(c)).catch(logFault)
    if (begun === undefined) return renderProblem(c, 'Your organisation cannot be reached right now.')
    attempts.open(c, begun.attempt)
    return c.redirect(begun.url)
  })

  app.get('/callback', async (c) => {
    const attempt = attempts.find(c)
    attempts.close(c)
    if (attempt === undefined) return renderProblem(c, 'This sign-in was not started here, or took too long.')
    try {
      const url = new URL(`${baseUrl}/callback${new URL(c.req.url).search}`)
      const before = sessions.find(c)
      const signedIn = await signIn.finish(url, attempt, before?.signedIn)
      const same = before?.signedIn.user.subject === signedIn.user.subject
      if (before !== undefined && !same) routes.endSession(before)
      sessions.open(c, routes.createSession(signedIn, same ? before : undefined))
      return c.redirect('/', 303)
    } catch (error) {
      if (error instanceof SignInRefused) return renderProblem(c, describe(error.reason))
      logFault(error)
      return renderProblem(c, 'The response of your organisation was invalid.')
    }
  })

  app.post('/signout', async (c) => {
    const session = sessions.find(c)
    const form = await c.req.parseBody()
    if (session === undefined) return c.redirect('/', 303)
    if (!isFormToken(form['csrf'], session.formToken))
      return renderProblem(c, 'This form was not sent from this site.')
    sessions.close(c)
    routes.endSession(session)
    return c.redirect(await signIn.buildSignOutUrl(), 303)
  })
}

/** The sign-in parameters that a link may set; others are ignored. */
function readWanted(c: Context): SignInRequirements {
  const { acr_values, max_age } = c.req.query()
  return {
    ...(acr_values !== undefined && /^[\w:./ -]{1,200}$/.test(acr_values) ? { acr_values } : {}),
    ...(max_age !== undefined && /^\d{1,9}$/.test(max_age) ? { max_age } : {}),
  }
}

/** Logs only the message: other properties of an error may contain tokens. */
function logFault(error: unknown): undefined {
  console.error(`sign-in: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`)
}

function describe(reason: string): string {
  return reason === 'access_denied'
    ? 'Your organisation does not allow you to use this app.'
    : `Your organisation responded with "${reason.replace(/[^a-z_]/g, '')}".`
}
