// The pages between an app's request and its answer: signing in, and being told that an app is not for one.
// A page belongs to the browser that started it, by the provider's own cookie for exactly this interaction.
import type { AppDefinition } from '@crosswalk/protocol'
import { errors, type Interaction, type InteractionResults, type Provider } from 'oidc-provider'

import { buildNotAssignedPage } from '../pages/not-assigned-page.ts'
import { buildSignInPage, type SignInPage } from '../pages/sign-in-page.ts'
import type { Authenticator } from './authenticate.ts'
import type { SignInPorts } from './contract.ts'
import { ExpectedError } from './expected-error.ts'
import { readForm } from './forms.ts'
import { ASSIGNMENT_PROMPT } from './prompts.ts'
import { buildFormTargets, respondWithPage, type Context } from './respond.ts'

export const INTERACTION_PATH = '/sign-in'

export interface Interactions {
  readonly displayName: string
  /** Origin and path under which everything is served, without trailing slash. */
  readonly baseUrl: string
  readonly provider: Provider
  readonly authenticator: Authenticator
  readonly ports: SignInPorts
}

interface Visit {
  readonly ctx: Context
  readonly interaction: Interaction
  readonly app: AppDefinition
}

/** @returns false when the path is not that of an interaction */
export async function serveInteraction(ctx: Context, interactions: Interactions): Promise<boolean> {
  const uid = /^\/sign-in\/([\w-]{1,64})$/.exec(ctx.path)?.[1]
  if (uid === undefined || !['GET', 'HEAD', 'POST'].includes(ctx.method)) return false
  const interaction = await findInteraction(ctx, interactions.provider, uid)
  const app = interactions.ports.apps.find(String(interaction.params['client_id']))
  if (app === undefined) throw new ExpectedError(400, 'invalid_client', 'the app was removed meanwhile')
  const visit = { ctx, interaction, app }
  const notAssigned = interaction.prompt.name === ASSIGNMENT_PROMPT
  if (ctx.method === 'POST') {
    await (notAssigned ? returnToApp(visit, interactions) : submitSignIn(visit, interactions))
  } else {
    await (notAssigned ? showNotAssigned(visit, interactions) : showSignIn(visit, interactions))
  }
  return true
}

async function findInteraction(ctx: Context, provider: Provider, uid: string): Promise<Interaction> {
  const found = await provider.interactionDetails(ctx.req, ctx.res).catch((error: unknown) => {
    if (error instanceof errors.SessionNotFound) return undefined
    throw error
  })
  if (found?.uid === uid) return found
  // Whichever of cookie, interaction and session is gone means the same to the person.
  throw new ExpectedError(400, 'session_expired', 'no sign-in of this browser is waiting for this page')
}

async function showSignIn(
  { ctx, interaction, app }: Visit,
  interactions: Interactions,
  entered: Pick<SignInPage, 'username' | 'problem'> = {},
): Promise<void> {
  const signedInId = interaction.session?.accountId
  const signedIn = signedInId === undefined ? undefined : await interactions.ports.users.findById(signedInId)
  const hint = interaction.params['login_hint']
  const username = entered.username ?? (typeof hint === 'string' ? hint : signedIn?.username)
  await respondWithPage(
    ctx,
    buildSignInPage({
      displayName: interactions.displayName,
      appName: app.name,
      action: `${interactions.baseUrl}${INTERACTION_PATH}/${interaction.uid}`,
      formTargets: buildFormTargets(app.redirectUris),
      again: signedIn !== undefined && username === signedIn.username,
      ...(username === undefined ? {} : { username }),
      ...(entered.problem === undefined ? {} : { problem: entered.problem }),
    }),
  )
}

async function submitSignIn(visit: Visit, interactions: Interactions): Promise<void> {
  const form = await readForm(visit.ctx, interactions.baseUrl)
  const username = (form.get('username') ?? '').trim()
  const outcome = await interactions.authenticator.authenticate({
    login: username,
    password: form.get('password') ?? '',
    clientId: visit.app.id,
  })
  if (outcome.accepted) {
    const ts = Math.floor(interactions.ports.clock.nowMs() / 1000)
    await finish(visit, interactions.provider, { login: { accountId: outcome.value.id, amr: ['pwd'], ts } })
  } else {
    const { refusal } = outcome
    const problem = refusal.reason === 'delayed' ? refusal : 'refused'
    await showSignIn(visit, interactions, { username, problem })
  }
}

async function showNotAssigned({ ctx, interaction, app }: Visit, interactions: Interactions): Promise<void> {
  const userId = interaction.session?.accountId
  const user = userId === undefined ? undefined : await interactions.ports.users.findById(userId)
  const again = new URLSearchParams(interaction.params as Record<string, string>)
  again.set('prompt', 'login')
  again.delete('login_hint')
  await respondWithPage(
    ctx,
    buildNotAssignedPage({
      displayName: interactions.displayName,
      appName: app.name,
      username: user?.username ?? '',
      action: `${interactions.baseUrl}${INTERACTION_PATH}/${interaction.uid}`,
      formTargets: buildFormTargets(app.redirectUris),
      switchUrl: `${interactions.baseUrl}/authorize?${again}`,
    }),
  )
}

async function returnToApp(visit: Visit, { baseUrl, provider }: Interactions): Promise<void> {
  await readForm(visit.ctx, baseUrl)
  await finish(visit, provider, {
    error: 'access_denied',
    error_description: 'the user is not assigned to this app',
  })
}

async function finish({ ctx }: Visit, provider: Provider, result: InteractionResults): Promise<void> {
  const returnTo = await provider.interactionResult(ctx.req, ctx.res, result, {
    mergeWithLastSubmission: false,
  })
  ctx.status = 303
  ctx.redirect(returnTo)
}
