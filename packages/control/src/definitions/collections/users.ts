// Users: passwords are stored elsewhere, and assignments, apps and groups refer to them.
import type { InputOf } from '@crosswalk/admin-api'
import { listApprovers } from '@crosswalk/policy'
import { type UserDefinition, zUser } from '@crosswalk/protocol'
import { z } from 'zod'

import type { UserRecord } from '../records.ts'
import { NO_SECRETS } from './client-secrets.ts'
import type { ControlledCollection, Preparation, Prepared } from './collection.ts'
import { findAssigned, findPolicies, findReferring } from './references.ts'

export const users: ControlledCollection<'users'> = {
  stored: zUser.omit({ password: true, totpSecret: true }).extend({
    hasPassword: z.boolean(),
    passwordSetAt: z.string().optional(),
    // An earlier release accepted names that are rejected now.
    groups: z.array(z.string().min(1)).default([]),
  }) as z.ZodType<UserRecord>,
  event: { kind: 'user', category: 'people' },
  heldAs: 'user',
  prepare: prepareUser,
  fromFile: ({ password, totpSecret: _, ...user }: UserDefinition) => ({
    ...user,
    hasPassword: password !== undefined,
  }),
  // The audit log shows when a password was set.
  show: ({ passwordSetAt: _, ...user }) => user,
  showRelations: async ({ id }, { users }) => ({ memberOf: (await users.findById(id))?.groups ?? [] }),
  findReferrers: (items, id) => [
    ...findAssigned(items, ({ users }) => users.includes(id)),
    ...findReferring(items, 'apps', ({ owners }) => owners.includes(id)),
    ...findReferring(items, 'groups', ({ members }) => members.includes(id)),
    ...findPolicies(items, 'user', id),
    ...findPolicies(items, 'app.owner', id),
    ...findReferring(items, 'approval-rules', (rule) => listApprovers(rule).includes(id)),
  ],
}

function prepareUser(
  { password, ...user }: InputOf<'users'>,
  previous: UserRecord | undefined,
  { now }: Preparation,
): Prepared<'users'> {
  const setAt = typeof password === 'string' ? now : previous?.passwordSetAt
  return {
    definition: {
      ...user,
      hasPassword: password === undefined ? (previous?.hasPassword ?? false) : password !== null,
      ...(setAt === undefined || password === null ? {} : { passwordSetAt: setAt }),
    },
    made: NO_SECRETS,
    secretChanged: password !== undefined,
    ...(password === undefined ? {} : { password }),
  }
}
