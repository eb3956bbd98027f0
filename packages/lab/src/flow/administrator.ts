// The administrator actions behind Agent0's buttons, through the admin API: each creates a block or a policy, and is
// undone afterwards.
import { randomUUID } from 'node:crypto'

import { type AdminClient, type CallTo, createAdminClient } from '@crosswalk/admin-api'
import type { Act } from '@crosswalk/demo-kit'

export type Undo = () => Promise<void>

export interface Administrator {
  /** Resolves once the action is effective */
  perform(act: Act, userId: string): Promise<Undo>
}

const REASON = 'A demo button, temporary'
/** The page may be closed before the action is undone. */
const AT_MOST_MS = 60_000

export function createAdministrator(baseUrl: string, token: string): Administrator {
  const admin = createAdminClient({ baseUrl, token })
  return {
    perform: (act, userId) => {
      switch (act) {
        case 'stop-agent':
          return block(admin, { kind: 'app', target: 'agent0' })
        case 'remove-user':
          return block(admin, { kind: 'user', target: userId })
        case 'demand-step-up':
          return demandStepUp(admin)
      }
    },
  }
}

async function block(
  admin: AdminClient,
  target: { readonly kind: 'app' | 'user'; readonly target: string },
): Promise<Undo> {
  const until = new Date(Date.now() + AT_MOST_MS).toISOString()
  const { body } = await admin.call('blocks.create', { body: { ...target, until, reason: REASON } })
  return async () => {
    await admin.call('blocks.end', { params: { id: body.id } }, { reason: REASON })
  }
}

async function demandStepUp(admin: AdminClient): Promise<Undo> {
  const policy: CallTo<'policies.create'>['body'] = {
    id: `demo-step-up-${randomUUID().slice(0, 8)}`,
    when: { app: 'agent0', resourceApp: 'todo0' },
    effect: 'require',
    require: { acr: ['mfa'] },
    state: 'enforced',
  }
  const { body } = await admin.call('policies.create', { body: policy }, { reason: REASON })
  return async () => {
    const { etag } = await admin.call('policies.read', { params: { id: body.id } })
    await admin.call('policies.delete', { params: { id: body.id }, ifMatch: etag ?? '' }, { reason: REASON })
  }
}
