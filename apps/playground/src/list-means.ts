// What the playground has for faults that need more than the flow. Only the demo world has more: an administrator, who
// may act there, and a second API.
import { createCheckingClient } from '@crosswalk/admin-api'
import {
  type AdministratorAct,
  claim,
  createAdministrator,
  decodeToken,
  type Fault,
  type FaultRequirements,
  type GuardedSender,
  LabError,
  listFaults,
  toFetch,
  type Undo,
} from '@crosswalk/lab'

import { explainAdminFailure } from './steps/ask-admin.ts'
import { findTarget, type Setup } from './run.ts'

/** The run that needs them. */
interface Sending {
  readonly sender: GuardedSender
  readonly idToken: string
}

/** @returns the faults that can be sent to these servers */
export function listFaultsOf(setup: Setup): readonly Fault[] {
  return listFaults(findMeans(setup))
}

/** @param sending - absent: only to know which means there are */
export function findMeans(setup: Setup, sending?: Sending): FaultRequirements {
  const target = findTarget(setup)
  const { demo, explain } = setup.settings
  if (target === undefined) return {}
  const otherApi = demo?.targets.find(({ id }) => id !== target.id)?.resource
  return {
    ...(otherApi === undefined ? {} : { otherApi }),
    ...(explain === undefined ? {} : { perform: (act) => perform(act, setup, sending) }),
  }
}

/** @throws LabError if the admin API refuses */
async function perform(act: AdministratorAct, setup: Setup, sending: Sending | undefined): Promise<Undo> {
  const target = findTarget(setup)
  const { explain, idp } = setup.settings
  if (target === undefined || explain === undefined || sending === undefined)
    throw new LabError('usage', 'no administrator access', 'use the demo world')
  const { url, token } = explain
  const admin = createCheckingClient({ baseUrl: url, token, fetch: toFetch(sending.sender) })
  const targets = { app: idp.clientId, resourceApp: target.id, connection: target.connection }
  const userId = String(claim(decodeToken(sending.idToken), 'sub'))
  return createAdministrator(admin, targets)
    .perform(act, userId)
    .catch((error: unknown) => {
      throw explainAdminFailure(error, url)
    })
}
