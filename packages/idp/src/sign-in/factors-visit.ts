// The page where users change their own second factors, available right after passing the second factor: add a passkey
// or an authenticator app, remove a passkey, continue to the app. Only an administrator can remove the last factor.
import { buildFormTargets } from '@crosswalk/as-core/pages'
import { buildEnrolmentPage } from '../pages/enrolment-page.ts'
import { buildFactorsPage } from '../pages/factors-page.ts'
import type { Problem } from '../pages/problem.ts'
import type { User } from '../ports.ts'
import type { SignInRefusal } from './authenticate.ts'
import { deletePassedFactor, type PassedFactor } from './passed-factor.ts'
import { SCRIPT_PATH } from './passkey-script.ts'
import { respondWithPage } from './respond.ts'
import type { FactorVisit } from './second-factor.ts'
import { buildTotpUri } from './totp.ts'
import { buildAction, finishSignIn, type Interactions, redirectToPage, type Visit } from './visit.ts'

export async function showFactors(
  visit: Visit,
  interactions: Interactions,
  user: User,
  problem?: Problem,
): Promise<void> {
  const { secondFactor } = interactions
  const factors = await secondFactor.list(user.id)
  if (!factors.totp && visit.ctx.query['add'] === 'app') return showNewApp(visit, interactions, user, problem)
  const action = buildAction(visit, interactions)
  const page = buildFactorsPage({
    ...buildFrame(visit, interactions, user, problem),
    factors,
    passkey: await secondFactor.passkeys.askForNew({ interactionId: visit.interaction.uid, user }),
    addAppUrl: `${action}?add=app`,
  })
  await respondWithPage(visit.ctx, page)
}

async function showNewApp(
  visit: Visit,
  interactions: Interactions,
  user: User,
  problem?: Problem,
): Promise<void> {
  const secret = await interactions.secondFactor.beginTotp(visit.interaction.uid, user.id)
  const uri = buildTotpUri({ secret, issuer: interactions.displayName, username: user.username })
  const frame = buildFrame(visit, interactions, user, problem)
  const page = { ...frame, action: `${frame.action}?add=app`, backUrl: frame.action, secret, uri }
  await respondWithPage(visit.ctx, await buildEnrolmentPage(page))
}

/** The common members of second-factor pages. */
export function buildFrame(visit: Visit, interactions: Interactions, user: User, problem?: Problem) {
  return {
    displayName: interactions.displayName,
    appName: visit.app.name,
    username: user.username,
    action: buildAction(visit, interactions),
    formTargets: buildFormTargets(visit.app.redirectUris),
    scriptUrl: `${interactions.baseUrl}${SCRIPT_PATH}`,
    ...(problem === undefined ? {} : { problem }),
  }
}

export interface FactorsSubmission {
  readonly form: URLSearchParams
  readonly person: FactorVisit
  readonly passed: PassedFactor
}

export async function submitFactors(
  visit: Visit,
  interactions: Interactions,
  { form, person, passed }: FactorsSubmission,
): Promise<void> {
  if (form.get('step') === 'done') {
    await deletePassedFactor(interactions.ports, person.interactionId)
    return finishSignIn(visit, interactions, passed)
  }
  const problem = await change(form, person, interactions)
  if (problem === undefined) redirectToPage(visit, interactions)
  else await showFactors(visit, interactions, person.user, problem)
}

/** @returns why nothing changed; undefined on success */
async function change(
  form: URLSearchParams,
  person: FactorVisit,
  { secondFactor }: Interactions,
): Promise<Problem | undefined> {
  const field = (name: string) => form.get(name) ?? ''
  if (form.get('step') === 'remove')
    return (await secondFactor.removePasskey(person, field('id'))) ? undefined : 'refused'
  const outcome =
    form.get('step') === 'new-passkey'
      ? await secondFactor.addPasskey(person, { response: field('response'), name: field('name') })
      : await secondFactor.confirmTotp(person, field('code'))
  return outcome.accepted ? undefined : describe(outcome.refusal)
}

function describe(refusal: SignInRefusal): Problem {
  return refusal.reason === 'delayed' ? refusal : 'refused'
}
