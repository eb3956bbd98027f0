// The pages between an app's request and its response: signing in, and the refusal if the user may not use the app. A
// page belongs to the browser that started it, by the provider's cookie for exactly this interaction.
import { buildFormTargets } from '@crosswalk/as-core/pages'
import type { Interaction, Provider } from 'oidc-provider'

import { buildNotAssignedPage } from '../pages/not-assigned-page.ts'
import type { SignInProblem } from '../pages/problem.ts'
import { buildSignInPage, type SignInPage } from '../pages/sign-in-page.ts'
import { toProblem, WITH_PASSWORD } from './authenticate.ts'
import { readClientAddress } from './client-address.ts'
import { checkMethod, ExpectedError } from './expected-error.ts'
import { showFactor, submitFactor } from './ask-for-factor.ts'
import { readForm } from './forms.ts'
import { KNOWN_BROWSER } from './known-browsers.ts'
import { ASSIGNMENT_PROMPT, FACTOR_PROMPT, NO_ACCESS } from './provider/prompts.ts'
import { respondWithPage, type Context } from './respond.ts'
import { beginUpstream, completeUpstream } from './upstream-visit.ts'
import { findUpstreamByDomain } from './upstream/find-by-domain.ts'
import { addressOf, nameOfUpstream } from './upstream/upstreams.ts'
import {
  buildAction,
  buildSwitchUrl,
  findSignedIn,
  finish,
  finishSignIn,
  type Interactions,
  type Visit,
} from './visit.ts'
import { errors } from './provider/oidc-provider.ts'

interface PromptPages {
  show(visit: Visit, interactions: Interactions): Promise<void>
  submit(visit: Visit, interactions: Interactions): Promise<void>
}

const SIGN_IN: PromptPages = { show: arriveAtSignIn, submit: submitSignIn }

const PAGES: ReadonlyMap<string, PromptPages> = new Map([
  [ASSIGNMENT_PROMPT, { show: showNotAssigned, submit: returnToApp }],
  [FACTOR_PROMPT, { show: showFactor, submit: submitFactor }],
])

/** @returns false if the path does not belong to an interaction */
export async function serveInteraction(ctx: Context, interactions: Interactions): Promise<boolean> {
  const uid = /^\/sign-in\/([\w-]{1,64})$/.exec(ctx.path)?.[1]
  if (uid === undefined) return false
  checkMethod(ctx, ['GET', 'HEAD', 'POST'])
  const interaction = await findInteraction(ctx, interactions.provider, uid)
  const app = interactions.ports.apps.find(String(interaction.params['client_id']))
  if (app === undefined) throw new ExpectedError(400, 'invalid_client', 'the app has been removed')
  const visit = { ctx, interaction, app }
  const { show, submit } = PAGES.get(interaction.prompt.name) ?? SIGN_IN
  await (ctx.method === 'POST' ? submit : show)(visit, interactions)
  return true
}

async function findInteraction(ctx: Context, provider: Provider, uid: string): Promise<Interaction> {
  const found = await provider.interactionDetails(ctx.req, ctx.res).catch((error: unknown) => {
    if (error instanceof errors.SessionNotFound) return undefined
    throw error
  })
  if (found?.uid === uid) return found
  // A missing cookie, interaction or session all mean the same to the user.
  throw new ExpectedError(400, 'session_expired', 'this browser has no pending sign-in for this page')
}

/** Shows the page, unless the user returns from another identity provider and is thereby signed in. */
async function arriveAtSignIn(visit: Visit, interactions: Interactions): Promise<void> {
  const { returned } = visit.ctx.query
  if (visit.ctx.method !== 'GET') return showSignIn(visit, interactions)
  const problem =
    typeof returned === 'string'
      ? await completeUpstream(visit, interactions, returned)
      : await beginByDomain(visit, interactions, readLoginHint(visit))
  if (problem === 'other-domain') await showSignIn(visit, interactions)
  else if (problem !== undefined) await showSignIn(visit, interactions, { problem })
}

/** Redirects the owner of an address to the identity provider of its domain. @returns why it did not */
async function beginByDomain(
  visit: Visit,
  interactions: Interactions,
  login: string | undefined,
): Promise<SignInProblem | 'other-domain' | undefined> {
  const upstream = findUpstreamByDomain(
    interactions.upstreams.map(({ definition }) => definition),
    login,
  )
  return upstream === undefined ? 'other-domain' : beginUpstream(visit, interactions, upstream.id, login)
}

function readLoginHint({ interaction }: Visit): string | undefined {
  const hint = interaction.params['login_hint']
  return typeof hint === 'string' ? hint : undefined
}

async function showSignIn(
  visit: Visit,
  interactions: Interactions,
  entered: Pick<SignInPage, 'username' | 'problem'> = {},
): Promise<void> {
  const { ctx, interaction, app } = visit
  const signedIn = await findSignedIn(visit, interactions)
  const { upstreams, passwordSignIn, trialRedirectUri } = interactions
  const username = entered.username ?? readLoginHint(visit) ?? signedIn?.username
  await respondWithPage(
    ctx,
    buildSignInPage({
      displayName: interactions.displayName,
      appName: app.name,
      action: buildAction(visit, interactions),
      formTargets: buildFormTargets([
        ...app.redirectUris,
        ...upstreams.map((it) => addressOf(it.definition)),
      ]),
      password: passwordSignIn,
      usernameFirst:
        (username ?? '') === '' && upstreams.some(({ definition }) => definition.domains.length > 0),
      upstreams: upstreams.map(({ definition }) => ({
        id: definition.id,
        name: nameOfUpstream(definition),
      })),
      again: signedIn !== undefined && username === signedIn.username,
      trial: trialRedirectUri !== undefined && interaction.params['redirect_uri'] === trialRedirectUri,
      ...(username === undefined ? {} : { username }),
      ...(entered.problem === undefined ? {} : { problem: entered.problem }),
    }),
  )
}

async function submitSignIn(visit: Visit, interactions: Interactions): Promise<void> {
  const form = await readForm(visit.ctx, interactions.baseUrl)
  const upstream = form.get('upstream')
  if (upstream !== null) {
    const problem = await beginUpstream(visit, interactions, upstream)
    return problem && showSignIn(visit, interactions, { problem })
  }
  if (!interactions.passwordSignIn)
    throw new ExpectedError(400, 'invalid_request', 'password sign-in is disabled')
  const username = (form.get('username') ?? '').trim()
  const away = await beginByDomain(visit, interactions, username)
  if (away !== 'other-domain') return away && showSignIn(visit, interactions, { username, problem: away })
  if (!form.has('password')) return showSignIn(visit, interactions, { username })
  const outcome = await interactions.authenticator.authenticate({
    login: username,
    password: form.get('password') ?? '',
    clientId: visit.app.id,
    ip: readClientAddress(visit.ctx),
    browserCookie: KNOWN_BROWSER.read(visit.ctx),
  })
  if (outcome.accepted) {
    const { user, browserCookie, passwordName } = outcome.value
    if (browserCookie !== undefined) KNOWN_BROWSER.write(visit.ctx, browserCookie)
    await finishSignIn(visit, interactions, { userId: user.id, ...WITH_PASSWORD, passwordName })
  } else {
    await showSignIn(visit, interactions, { username, problem: toProblem(outcome.refusal) })
  }
}

async function showNotAssigned(visit: Visit, interactions: Interactions): Promise<void> {
  const { ctx, app } = visit
  const user = await findSignedIn(visit, interactions)
  await respondWithPage(
    ctx,
    buildNotAssignedPage({
      displayName: interactions.displayName,
      appName: app.name,
      username: user?.username ?? '',
      action: buildAction(visit, interactions),
      formTargets: buildFormTargets(app.redirectUris),
      switchUrl: buildSwitchUrl(visit, interactions),
    }),
  )
}

async function returnToApp(visit: Visit, { baseUrl, provider }: Interactions): Promise<void> {
  await readForm(visit.ctx, baseUrl)
  await finish(visit, provider, {
    error: 'access_denied',
    error_description: NO_ACCESS,
  })
}
