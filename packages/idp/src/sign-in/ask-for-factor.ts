// The pages of the second factor: using a code or passkey, or enrolling one. Enrolling the first requires the password
// in this very request, so that an open session cannot be used to enrol a stranger's factor.
import { AMR } from '@crosswalk/protocol'

import { buildEnrolmentPage } from '../pages/enrolment-page.ts'
import { buildFactorPage } from '../pages/factor-page.ts'
import type { SignInProblem } from '../pages/problem.ts'
import type { User } from '../ports.ts'
import { toProblem } from './authenticate.ts'
import { readClientAddress } from './client-address.ts'
import { ExpectedError } from './expected-error.ts'
import { findPassedFactor, storePassedFactor } from './factors/passed-factor.ts'
import { addFactor, buildFrame, offerApp, showManagedFactors, submitFactorChange } from './manage-factors.ts'
import { readForm } from './forms.ts'
import { respondWithPage } from './respond.ts'
import { countFactors } from './factors/enrolled-factors.ts'
import type { FactorVisit, Strength } from './factors/second-factor.ts'
import {
  buildSwitchUrl,
  findSignedIn,
  finishSignIn,
  type Interactions,
  redirectToPage,
  type Visit,
} from './visit.ts'

export async function showFactor(visit: Visit, interactions: Interactions): Promise<void> {
  const user = await findUser(visit, interactions)
  const passed = await findPassedFactor(interactions.ports, visit.interaction.uid, user.id)
  if (passed !== undefined) return showManagedFactors(visit, interactions, user)
  await showQuestion(visit, interactions, user)
}

async function showQuestion(
  visit: Visit,
  interactions: Interactions,
  user: User,
  problem?: SignInProblem,
): Promise<void> {
  const { secondFactor } = interactions
  const factors = await secondFactor.list(user.id)
  const factorVisit = { interactionId: visit.interaction.uid, user }
  if (countFactors(factors) > 0) {
    const passkey = await secondFactor.passkeys.ask(factorVisit)
    const page = { ...buildOwnFrame(visit, interactions, user, problem), code: factors.totp, passkey }
    return respondWithPage(visit.ctx, buildFactorPage(page))
  }
  requireFreshPassword(visit)
  const page = {
    ...buildOwnFrame(visit, interactions, user, problem),
    ...(await offerApp(visit, interactions, user)),
    passkey: await secondFactor.passkeys.askForNew(factorVisit),
  }
  await respondWithPage(visit.ctx, await buildEnrolmentPage(page))
}

function buildOwnFrame(visit: Visit, interactions: Interactions, user: User, problem?: SignInProblem) {
  return { ...buildFrame(visit, interactions, user, problem), switchUrl: buildSwitchUrl(visit, interactions) }
}

export async function submitFactor(visit: Visit, interactions: Interactions): Promise<void> {
  const { secondFactor, baseUrl, ports } = interactions
  const form = await readForm(visit.ctx, baseUrl)
  const user = await findUser(visit, interactions)
  const factorVisit: FactorVisit = {
    interactionId: visit.interaction.uid,
    user,
    clientId: visit.app.id,
    ip: readClientAddress(visit.ctx),
  }
  const passed = await findPassedFactor(ports, factorVisit.interactionId, user.id)
  if (passed !== undefined) return submitFactorChange(visit, interactions, { form, factorVisit, passed })
  const enrolled = countFactors(await secondFactor.list(user.id)) > 0
  if (!enrolled) requireFreshPassword(visit)
  const outcome = await (enrolled ? answer : addFactor)(form, factorVisit, interactions)
  if (!outcome.accepted) {
    const problem = toProblem(outcome.refusal)
    const isLate = enrolled && problem === 'refused' && isEnrolment(form)
    return showQuestion(visit, interactions, user, isLate ? { text: SET_UP_ELSEWHERE } : problem)
  }
  const strength = addToSession(visit, outcome.value)
  await secondFactor.recordSuccess(factorVisit, strength)
  await goOn(visit, interactions, { user, strength, stays: form.get('then') === 'manage' })
}

const SET_UP_ELSEWHERE = 'You already set up a second step on another page. Use that one.'

/** Whether the page showed a new factor */
function isEnrolment(form: URLSearchParams): boolean {
  return form.get('step')?.startsWith('new-') === true
}

/** The second factor adds to the first sign-in, which need not be by our own password. */
function addToSession({ interaction }: Visit, { acr, amr }: Strength): Strength {
  const before = interaction.session?.amr ?? [AMR.password]
  return { acr, amr: [...new Set([...before, ...amr])] }
}

function answer(form: URLSearchParams, factorVisit: FactorVisit, { secondFactor }: Interactions) {
  return form.get('step') === 'passkey'
    ? secondFactor.verifyPasskey(factorVisit, form.get('response') ?? '')
    : secondFactor.verifyCode(factorVisit, form.get('code') ?? '')
}

async function goOn(
  visit: Visit,
  interactions: Interactions,
  { user, strength, stays }: { readonly user: User; readonly strength: Strength; readonly stays: boolean },
): Promise<void> {
  const { ports } = interactions
  if (!stays) return finishSignIn(visit, interactions, { userId: user.id, ...strength })
  const at = Math.floor(ports.clock.nowMs() / 1000)
  await storePassedFactor(ports, visit.interaction.uid, { userId: user.id, ...strength, at })
  redirectToPage(visit, interactions)
}

async function findUser(visit: Visit, interactions: Interactions): Promise<User> {
  const user = await findSignedIn(visit, interactions)
  if (user?.active === true) return user
  throw new ExpectedError(400, 'session_expired', 'no user is signed in for this page')
}

function requireFreshPassword({ interaction }: Visit): void {
  if (interaction.lastSubmission?.login !== undefined) return
  throw new ExpectedError(400, 'session_expired', 'setting up a second factor requires the password')
}
