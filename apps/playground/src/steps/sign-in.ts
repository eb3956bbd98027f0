// Steps 1 and 2: gets an ID token, from the demo's form, the user's browser, or pasted; and checks it.
import {
  type Attempt,
  beginSignIn,
  decodeToken,
  finishSignIn,
  type Flow,
  ID_TOKEN_CHECKS,
  runChecks,
  signInByForm,
} from '@crosswalk/lab'

import type { Run } from '../run.ts'
import type { RunContext, Progress, StepRunner } from '../step-runner.ts'
import { flowOf } from './legs.ts'

/** Without a sign-in page. */
export async function signIn(run: Run, context: RunContext): Promise<Progress> {
  const { settings, redirectUri, idToken, lastIdToken } = run.setup
  if (settings.user !== undefined) return signInDemo(run, context, redirectUri)
  if (idToken !== undefined) return bring(idToken, 'The ID token was given on the command line.')
  return bring(lastIdToken ?? '', 'The ID token of the last sign-in is reused.')
}

async function signInDemo(run: Run, context: RunContext, redirectUri: string): Promise<Progress> {
  const flow = flowOf(run, context)
  const { demo, user } = run.setup.settings
  const who = demo?.users.find(({ username }) => username === run.username) ?? user
  const attempt = beginSignIn(flow, redirectUri)
  const answer = await signInByForm(flow.sender, attempt.url, {
    username: who?.username ?? '',
    password: who?.password ?? '',
    redirectUri,
  })
  return tell(await finishSignIn(flow, attempt, answer), [
    `${who?.username ?? 'A user'} signed in with a password in the form of the identity provider. The playground acted as the browser.`,
    ...describeCodeFlow(attempt),
  ])
}

/** With the callback that the browser brought. */
export const signInBy =
  (attempt: Attempt, answer: URL): StepRunner =>
  async (run, context) => {
    const flow: Flow = flowOf(run, context)
    const idToken = await finishSignIn(flow, attempt, answer)
    return tell(idToken, [`A user signed in at ${flow.idp.issuer}.`, ...describeCodeFlow(attempt)])
  }

export const bringPasted =
  (idToken: string): StepRunner =>
  () =>
    bring(idToken, 'An ID token was pasted.')

async function bring(idToken: string, sentence: string): Promise<Progress> {
  return tell(idToken, [sentence, 'No sign-in was needed.'])
}

function tell(idToken: string, sentences: readonly string[]): Progress {
  return { result: { outcome: 'done', told: sentences }, learned: { received: { idToken } } }
}

function describeCodeFlow({ redirectUri }: Attempt): readonly string[] {
  return [
    `The authorization request contained a code_challenge (S256), and the code was sent to ${redirectUri}; only the holder of the code_verifier can redeem it.`,
    'The user signs in once: everything from here on happens without them.',
  ]
}

export async function showIdToken(run: Run, context: RunContext): Promise<Progress> {
  const flow = flowOf(run, context)
  const token = decodeToken(run.received?.idToken ?? '')
  const answer = { request: { method: 'GET', url: '' }, headers: {}, cookies: [], text: '', ms: 0 } as const
  const evidence = { flow, answer, token, nowSeconds: context.nowMs() / 1000 }
  const checks = runChecks(ID_TOKEN_CHECKS, evidence, { subject: 'ID token' })
  const audience = token?.claims?.aud
  const sentences =
    token === undefined
      ? ['This is not a readable JWT. It is sent to the identity provider anyway.']
      : [
          `It is addressed to ${JSON.stringify(audience)}: only to the app that the user signed in to.`,
          'Never send it to the API: an API that accepts it would also accept those of any other app.',
        ]
  return { result: { outcome: 'done', told: sentences, token, checks } }
}
