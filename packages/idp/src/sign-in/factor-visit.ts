// The pages of the second step: the code of a factor that the person has, or enrolling one. Enrolling takes a password
// typed in this very request, so that a session left open gives nobody a factor of their own.
import { buildEnrolmentPage } from '../pages/enrolment-page.ts'
import { buildFactorPage } from '../pages/factor-page.ts'
import type { Problem } from '../pages/problem.ts'
import type { User } from '../ports.ts'
import type { SignInRefusal } from './authenticate.ts'
import { ExpectedError } from './expected-error.ts'
import { readForm } from './forms.ts'
import { buildFormTargets, respondWithPage } from './respond.ts'
import { WITH_CODE } from './second-factor.ts'
import { buildTotpUri } from './totp.ts'
import { buildAction, buildSwitchUrl, finishSignIn, type Interactions, type Visit } from './visit.ts'

export async function showFactor(visit: Visit, interactions: Interactions, problem?: Problem): Promise<void> {
  const user = await findUser(visit, interactions)
  const enrolled = await interactions.secondFactor.isEnrolled(user.id)
  const frame = {
    displayName: interactions.displayName,
    appName: visit.app.name,
    username: user.username,
    action: buildAction(visit, interactions),
    formTargets: buildFormTargets(visit.app.redirectUris),
    switchUrl: buildSwitchUrl(visit, interactions),
    ...(problem === undefined ? {} : { problem }),
  }
  if (enrolled) return respondWithPage(visit.ctx, buildFactorPage(frame))
  requireFreshPassword(visit)
  const secret = await interactions.secondFactor.beginEnrolment(visit.interaction.uid, user.id)
  const uri = buildTotpUri({ secret, issuer: interactions.displayName, username: user.username })
  await respondWithPage(visit.ctx, await buildEnrolmentPage({ ...frame, secret, uri }))
}

export async function submitFactor(visit: Visit, interactions: Interactions): Promise<void> {
  const { secondFactor, baseUrl } = interactions
  const form = await readForm(visit.ctx, baseUrl)
  const user = await findUser(visit, interactions)
  const question = { user, code: form.get('code') ?? '', clientId: visit.app.id }
  const enrolled = await secondFactor.isEnrolled(user.id)
  if (!enrolled) requireFreshPassword(visit)
  const outcome = enrolled
    ? await secondFactor.verifyCode(question)
    : await secondFactor.confirmEnrolment(visit.interaction.uid, question)
  if (outcome.accepted) await finishSignIn(visit, interactions, { userId: user.id, ...WITH_CODE })
  else await showFactor(visit, interactions, describe(outcome.refusal))
}

async function findUser({ interaction }: Visit, { ports }: Interactions): Promise<User> {
  const userId = interaction.session?.accountId
  const user = userId === undefined ? undefined : await ports.users.findById(userId)
  if (user?.active === true) return user
  throw new ExpectedError(400, 'session_expired', 'nobody is signed in for this page')
}

function requireFreshPassword({ interaction }: Visit): void {
  if (interaction.lastSubmission?.login !== undefined) return
  throw new ExpectedError(400, 'session_expired', 'setting up a second step begins with the password')
}

function describe(refusal: SignInRefusal): Problem {
  return refusal.reason === 'delayed' ? refusal : 'refused'
}
