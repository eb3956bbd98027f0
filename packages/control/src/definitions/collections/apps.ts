// Requesting apps: their secrets are stored as hashes, and connections and policies refer to them.
import { type AppDefinition, zApp } from '@crosswalk/protocol'
import { z } from 'zod'

import { hashClientSecret, NO_SECRETS, prepareAuth, showAuth, zStoredAuth } from './client-secrets.ts'
import type { ControlledCollection } from './collection.ts'
import { findPolicies, findReferring } from './references.ts'

export const apps: ControlledCollection<'apps'> = {
  stored: zApp.extend({ auth: zStoredAuth, registeredAt: z.number().optional() }),
  event: { kind: 'app', category: 'lifecycle' },
  heldAs: 'app',
  prepare(input, previous, { hasher, now }) {
    const { auth, made, changed } = prepareAuth(input.auth, previous?.auth, hasher)
    const registeredAt = previous === undefined ? Math.floor(Date.parse(now) / 1000) : previous.registeredAt
    return {
      definition: { ...input, auth, ...(registeredAt === undefined ? {} : { registeredAt }) },
      made: made === undefined ? NO_SECRETS : new Map([[input.id, made]]),
      secretChanged: changed,
    }
  },
  fromFile: (app: AppDefinition, hasher) => hashClientSecret(app, hasher),
  show: ({ registeredAt: _, ...app }) => ({ ...app, auth: showAuth(app.auth) }),
  showRelations: async ({ owners }, { activeOwners }) => ({
    activeOwners: owners.filter((id) => activeOwners.has(id)),
  }),
  findReferrers: (items, id) => [
    ...findReferring(items, 'connections', ({ app, actors }) => app === id || actors?.includes(id) === true),
    ...findPolicies(items, 'app', id),
    ...findReferring(items, 'approval-rules', ({ when }) => when.apps?.includes(id) === true),
    ...findReferring(items, 'review-schedules', ({ apps }) => apps?.includes(id) === true),
  ],
}
