// The page where users change their own second factors, available right after passing the second factor: add a passkey
// or an authenticator app, remove a passkey, continue to the app. Only an administrator can remove the last factor.
import { buildFormTargets } from '@crosswalk/as-core/pages'
import { buildEnrolmentPage } from '../pages/enrolment-page.ts'
import { buildManageFactorsPage } from '../pages/manage-factors-page.ts'
import type { SignInProblem } from '../pages/problem.ts'
import type { User } from '../ports.ts'
import { toProblem } from './authenticate.ts'
import { deletePassedFactor, type PassedFactor } from './factors/passed-factor.ts'
import { SCRIPT_PATH } from './factors/passkey-script.ts'
import { respondWithPage } from './respond.ts'
import type { FactorVisit } from './factors/second-factor.ts'
import { buildTotpUri } from './factors/totp.ts'
import { buildAction, finishSignIn, type Interactions, redirectToPage, type Visit } from './visit.ts'

export async function showManagedFactors(
  visit: Visit,
  interactions: Interactions,
  user: User,
  problem?: SignInProblem,
): Promise<void> {
  const { secondFactor } = interactions
  const factors = await secondFactor.list(user.id)
  if (!factors.totp && visit.ctx.query['add'] === 'app') return showNewApp(visit, interactions, user, problem)
  const action = buildAction(visit, interactions)
  const page = buildManageFactorsPage({
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
  problem?: SignInProblem,
): Promise<void> {
  const frame = buildFrame(visit, interactions, user, problem)
  const app = await offerApp(visit, interactions, user)
  const page = { ...frame, action: `${frame.action}?add=app`, backUrl: frame.action, ...app }
  await respondWithPage(visit.ctx, await buildEnrolmentPage(page))
}

/** Begins to enrol an authenticator app. */
export async function offerApp(visit: Visit, { secondFactor, displayName }: Interactions, user: User) {
  const secret = await secondFactor.beginTotp(visit.interaction, user.id)
  return { secret, uri: buildTotpUri({ secret, issuer: displayName, username: user.username }) }
}

/** The common members of second-factor pages. */
export function buildFrame(visit: Visit, interactions: Interactions, user: User, problem?: SignInProblem) {
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

export interface FactorChange {
  readonly form: URLSearchParams
  readonly factorVisit: FactorVisit
  readonly passed: PassedFactor
}

export async function submitFactorChange(
  visit: Visit,
  interactions: Interactions,
  { form, factorVisit, passed }: FactorChange,
): Promise<void> {
  if (form.get('step') === 'done') {
    await deletePassedFactor(interactions.ports, factorVisit.interactionId)
    return finishSignIn(visit, interactions, passed)
  }
  const problem = await change(form, factorVisit, interactions)
  if (problem === undefined) redirectToPage(visit, interactions)
  else await showManagedFactors(visit, interactions, factorVisit.user, problem)
}

/** @returns why nothing changed; undefined on success */
async function change(
  form: URLSearchParams,
  factorVisit: FactorVisit,
  interactions: Interactions,
): Promise<SignInProblem | undefined> {
  if (form.get('step') === 'remove') {
    const removed = await interactions.secondFactor.removePasskey(factorVisit, form.get('id') ?? '')
    return removed ? undefined : 'refused'
  }
  const outcome = await addFactor(form, factorVisit, interactions)
  return outcome.accepted ? undefined : toProblem(outcome.refusal)
}

/** Adds the passkey or authenticator app of a submitted form. */
export function addFactor(form: URLSearchParams, factorVisit: FactorVisit, { secondFactor }: Interactions) {
  const field = (name: string) => form.get(name) ?? ''
  return form.get('step') === 'new-passkey'
    ? secondFactor.addPasskey(factorVisit, { response: field('response'), name: field('name') })
    : secondFactor.confirmTotp(factorVisit, field('code'))
}
