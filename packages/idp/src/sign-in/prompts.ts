// When the person must be asked something before an app gets its answer: to sign in, or to learn that the
// app is not for them. Never for consent, which administrators give.
import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'

import type { User } from '../ports.ts'
import { maySignInTo } from './assignment.ts'
import type { SignInPorts } from './contract.ts'

const { Check, Prompt, base } = interactionPolicy

/** The prompt of a person who is signed in, but not assigned to the app. */
export const ASSIGNMENT_PROMPT = 'assignment'

export function buildPrompts(ports: Pick<SignInPorts, 'apps'>): interactionPolicy.Prompt[] {
  const prompts = base()
  prompts.get('login')?.checks.add(
    new Check('account_gone', 'the signed-in user is not active', 'login_required', ({ oidc }) => {
      return oidc.session?.accountId !== undefined && oidc.account === undefined
    }),
  )
  prompts.remove('consent')
  prompts.add(
    new Prompt(
      { name: ASSIGNMENT_PROMPT },
      new Check('not_assigned', 'the user is not assigned to this app', 'access_denied', (ctx) => {
        return !isAssigned(ctx, ports)
      }),
    ),
  )
  // `prompt=consent` is honoured by being accepted: there is nothing to ask.
  const consent = new Prompt({ name: 'consent', requestable: true })
  consent.checks.clear()
  prompts.add(consent)
  return prompts
}

/** Whether the signed-in person may use the app of this request, as both are now. */
export function isAssigned({ oidc }: KoaContextWithOIDC, { apps }: Pick<SignInPorts, 'apps'>): boolean {
  const app = oidc.client === undefined ? undefined : apps.find(oidc.client.clientId)
  const user = oidc.account?.['user'] as User | undefined
  return app !== undefined && user !== undefined && maySignInTo(user, app)
}
