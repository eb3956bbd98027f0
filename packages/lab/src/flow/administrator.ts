// The administrator of the IdP, who acts in the middle of a flow through the admin API. Each act denies the next
// exchange, and is undone afterwards.
import { randomUUID } from 'node:crypto'

import type { AdminClient, CallTo } from '@crosswalk/admin-api'

import type { AdministratorAct } from './fault-requirements.ts'

export type Undo = () => Promise<void>

export interface ActTargets {
  readonly app: string
  readonly resourceApp: string
  readonly connection: string
}

export interface Administrator {
  /** Resolves once the act is effective */
  perform(act: AdministratorAct, userId: string): Promise<Undo>
}

type Perform = (admin: AdminClient, targets: ActTargets & { readonly userId: string }) => Promise<Undo>

const REASON = 'A deliberate fault, temporary'
/** Our process may end before the act is undone. */
const AT_MOST_MS = 60_000

const ACTS: Readonly<Record<AdministratorAct, Perform>> = {
  'stop-agent': (admin, { app }) => block(admin, { kind: 'app', target: app }),
  'remove-user': (admin, { userId }) => block(admin, { kind: 'user', target: userId }),
  'block-everything': (admin) => block(admin, { kind: 'everything' }),
  'demand-step-up': (admin, { app, resourceApp }) =>
    addPolicy(admin, { when: { app, resourceApp }, effect: 'require', require: { acr: ['mfa'] } }),
  'deny-by-policy': (admin, { app, resourceApp }) =>
    addPolicy(admin, { when: { app, resourceApp }, effect: 'deny' }),
  'suspend-connection': (admin, { connection }) => suspend(admin, 'connections', connection),
  'require-unknown-sign-in': (admin, { app, resourceApp }) =>
    addPolicy(admin, {
      when: { app, resourceApp },
      effect: 'require',
      require: { acr: ['crosswalk-unknown'] },
    }),
  'deny-by-missing-attribute': (admin, { app, resourceApp }) =>
    addPolicy(admin, {
      when: { app, resourceApp, 'user.attributes.crosswalkUnknown': ['yes'] },
      effect: 'deny',
    }),
  'suspend-app': (admin, { app }) => suspend(admin, 'apps', app),
  'suspend-user': (admin, { userId }) => suspend(admin, 'users', userId),
}

export const ADMINISTRATOR_ACTS = Object.keys(ACTS) as readonly AdministratorAct[]

export function createAdministrator(admin: AdminClient, targets: ActTargets): Administrator {
  return { perform: (act, userId) => ACTS[act](admin, { ...targets, userId }) }
}

async function block(
  admin: AdminClient,
  target: Pick<CallTo<'blocks.create'>['body'], 'kind' | 'target'>,
): Promise<Undo> {
  const until = new Date(Date.now() + AT_MOST_MS).toISOString()
  const { body } = await admin.call('blocks.create', { body: { ...target, until, reason: REASON } })
  return async () => {
    await admin.call('blocks.lift', { params: { id: body.id } }, { reason: REASON })
  }
}

async function addPolicy(
  admin: AdminClient,
  policy: Omit<CallTo<'policies.create'>['body'], 'id' | 'state'>,
): Promise<Undo> {
  const id = `deliberate-fault-${randomUUID().slice(0, 8)}`
  await admin.call('policies.create', { body: { ...policy, id, state: 'enforced' } }, { reason: REASON })
  return async () => {
    const { etag } = await admin.call('policies.read', { params: { id } })
    await admin.call('policies.delete', { params: { id }, ifMatch: etag ?? '' }, { reason: REASON })
  }
}

async function suspend(
  admin: AdminClient,
  collection: 'connections' | 'apps' | 'users',
  id: string,
): Promise<Undo> {
  await admin.call(`${collection}.suspend`, { params: { id }, body: { reason: REASON } })
  return async () => {
    await admin.call(`${collection}.resume`, { params: { id }, body: { reason: REASON } })
  }
}
