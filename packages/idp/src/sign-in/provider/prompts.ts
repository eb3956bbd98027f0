// When the user must act before an app gets its response: sign in, use a second factor, or learn that they may not use
// the app. Never for consent, which administrators give.
import type { interactionPolicy as policies, KoaContextWithOIDC } from 'oidc-provider'

import type { User } from '../../ports.ts'
import { isUnreachable, needsFactor, readAcrRequest } from './acr-request.ts'
import { maySignInTo } from '../assignment.ts'
import type { SignInPorts } from '../contract.ts'
import { countFactors, listFactors } from '../factors/enrolled-factors.ts'
import { errors, interactionPolicy } from './oidc-provider.ts'

type PromptPorts = Pick<SignInPorts, 'apps' | 'isBlocked' | 'secondFactors'>

const { Check, Prompt, base } = interactionPolicy

/** The prompt for a signed-in user who may not use the app. */
export const ASSIGNMENT_PROMPT = 'assignment'

/** What the app is told; the same for every reason */
export const NO_ACCESS = 'the user may not use this app'

/** The prompt for a signed-in user whose sign-in is not strong enough. */
export const FACTOR_PROMPT = 'factor'

export function buildPrompts(ports: PromptPorts): policies.Prompt[] {
  const prompts = base()
  const login = prompts.get('login')
  // Another password would not strengthen the sign-in; the factor prompt handles this.
  login?.checks.remove('essential_acr')
  login?.checks.remove('essential_acrs')
  login?.checks.add(enrolmentCheck(ports), 0)
  login?.checks.add(
    new Check('account_gone', 'the signed-in user is not active', 'login_required', ({ oidc }) => {
      return oidc.session?.accountId !== undefined && oidc.account === undefined
    }),
  )
  login?.checks.add(redirectUriCheck(), 0)
  prompts.remove('consent')
  prompts.add(
    new Prompt(
      { name: ASSIGNMENT_PROMPT },
      new Check('no_access', NO_ACCESS, 'access_denied', (ctx) => !mayUseApp(ctx, ports)),
    ),
  )
  // Last of the prompts that ask, so that a user who may not use the app is not asked for a factor.
  prompts.add(
    new Prompt(
      { name: FACTOR_PROMPT },
      new Check('acr', 'the sign-in is not as strong as requested', 'interaction_required', ({ oidc }) =>
        needsFactor(readRequest(oidc), oidc.session?.acr),
      ),
    ),
  )
  // `prompt=consent` is accepted without effect: there is nothing to ask.
  const consent = new Prompt({ name: 'consent', requestable: true })
  consent.checks.clear()
  prompts.add(consent)
  return prompts
}

/**
 * A user without a factor enrols one after entering the password in the same request, so that an open session does not
 * let a stranger enrol one. Refuses a context that no sign-in here can reach.
 */
function enrolmentCheck({ secondFactors }: Pick<SignInPorts, 'secondFactors'>): policies.Check {
  return new Check(
    'factor_missing',
    'a second factor has to be set up',
    'login_required',
    async ({ oidc }) => {
      const request = readRequest(oidc)
      if (isUnreachable(request))
        throw new errors.UnmetAuthenticationRequirements('no sign-in here has the requested acr')
      const { session, result } = oidc
      if (session?.accountId === undefined || result?.login !== undefined) return false
      if (!needsFactor(request, session.acr)) return false
      return countFactors(await listFactors(secondFactors, session.accountId)) === 0
    },
  )
}

/** The library checks it when the request arrives, but the app may have lost it while the user signed in. */
function redirectUriCheck(): policies.Check {
  const description = 'the redirect URI is not registered'
  return new Check('redirect_uri', description, 'invalid_request', ({ oidc: { client, params } }) => {
    if (client?.redirectUriAllowed(String(params?.['redirect_uri'])) !== true)
      throw new errors.InvalidRedirectUri()
    return false
  })
}

function readRequest(oidc: KoaContextWithOIDC['oidc']) {
  return readAcrRequest(oidc.claims.id_token?.acr)
}

/** Whether the signed-in user may currently use the app of this request. */
export function mayUseApp(
  { oidc }: KoaContextWithOIDC,
  { apps, isBlocked }: Pick<SignInPorts, 'apps' | 'isBlocked'>,
): boolean {
  const app = oidc.client === undefined ? undefined : apps.find(oidc.client.clientId)
  const user = oidc.account?.['user'] as User | undefined
  return app !== undefined && user !== undefined && maySignInTo(user, app, { isBlocked })
}
