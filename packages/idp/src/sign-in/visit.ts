// A user's visit to a page of an interaction, and the ways an interaction ends. Other files contain the pages.
import type { RateLimit } from '@crosswalk/as-core'
import type { ReportRefusal } from '@crosswalk/as-core/oidc'
import type { AppDefinition, EpochSeconds } from '@crosswalk/protocol'
import type { Interaction, InteractionResults, Provider } from 'oidc-provider'

import type { User } from '../ports.ts'
import type { Authenticator } from './authenticate.ts'
import type { SignInPorts } from './contract.ts'
import { type Context, redirect } from './respond.ts'
import type { SecondFactor } from './factors/second-factor.ts'
import type { Upstream } from './upstream/upstreams.ts'

export const INTERACTION_PATH = '/sign-in'

export interface Interactions {
  readonly displayName: string
  /** Origin and path under which everything is served, without a trailing slash. */
  readonly baseUrl: string
  readonly provider: Provider
  readonly authenticator: Authenticator
  readonly secondFactor: SecondFactor
  readonly upstreams: readonly Upstream[]
  readonly reportRefusal: ReportRefusal
  readonly passwordSignIn: boolean
  /** Redirect URI of trials; see `trial.ts` */
  readonly trialRedirectUri: string | undefined
  readonly ports: SignInPorts
  /** Limits the changes of each user to their own access */
  readonly ownChanges: RateLimit | undefined
  /** For the keys of forms */
  readonly formSecret: string
}

export interface Visit {
  readonly ctx: Context
  readonly interaction: Interaction
  readonly app: AppDefinition
}

/** @returns the user of the session in which the interaction began */
export async function findSignedIn(
  { interaction }: Visit,
  { ports }: Interactions,
): Promise<User | undefined> {
  const userId = interaction.session?.accountId
  return userId === undefined ? undefined : ports.users.findById(userId)
}

/** The form target of this interaction. */
export function buildAction({ interaction }: Visit, { baseUrl }: Interactions): string {
  return `${baseUrl}${INTERACTION_PATH}/${interaction.uid}`
}

/** Redirects to the page of this interaction after processing a form. */
export function redirectToPage(visit: Visit, interactions: Interactions): void {
  redirect(visit.ctx, buildAction(visit, interactions))
}

/** Restarts the same request with another sign-in. */
export function buildSwitchUrl({ interaction }: Visit, { baseUrl }: Interactions): string {
  const again = new URLSearchParams(interaction.params as Record<string, string>)
  again.set('prompt', 'login')
  again.delete('login_hint')
  return `${baseUrl}/authorize?${again}`
}

export interface SignInReached {
  readonly userId: string
  readonly acr?: string | undefined
  readonly amr: readonly string[]
  /** When it was reached; default: now */
  readonly at?: EpochSeconds | undefined
  /** When its session ends at the latest, if the identity provider stated it; see `session-end.ts` */
  readonly endsAt?: EpochSeconds | undefined
  /** Set for a sign-in by password; see `endIfPasswordReplaced` */
  readonly passwordName?: string | undefined
}

/** Continues with the user signed in. */
export async function finishSignIn(
  visit: Visit,
  { provider, ports }: Interactions,
  { userId, acr, amr, at, endsAt, passwordName }: SignInReached,
): Promise<void> {
  const ts = at ?? Math.floor(ports.clock.nowMs() / 1000)
  const strength = { ...(acr === undefined ? {} : { acr }), ...(amr.length === 0 ? {} : { amr: [...amr] }) }
  const password = passwordName === undefined ? {} : { passwordName }
  const end = endsAt === undefined ? {} : { endsAt }
  await finish(visit, provider, { login: { accountId: userId, ...strength, ...password, ...end, ts } })
}

export async function finish({ ctx }: Visit, provider: Provider, result: InteractionResults): Promise<void> {
  const returnTo = await provider.interactionResult(ctx.req, ctx.res, result, {
    mergeWithLastSubmission: false,
  })
  redirect(ctx, returnTo)
}
