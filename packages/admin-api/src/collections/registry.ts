// All collections of objects that administrators manage, in the order in which objects depend on each other. Routes,
// commands, documents and the control plane use this table.
import type { z } from 'zod'

import { approvalRules } from './approval-rules.ts'
import { apps } from './apps.ts'
import { authorizationServers } from './authorization-servers.ts'
import type { CollectionShape } from './collection.ts'
import { connections } from './connections.ts'
import { groups } from './groups.ts'
import { policies } from './policies.ts'
import { policySuites } from './policy-suites.ts'
import { resourceApps } from './resource-apps.ts'
import { reviewSchedules } from './review-schedules.ts'
import { users } from './users.ts'

export const COLLECTIONS = {
  users,
  groups,
  apps,
  'resource-apps': resourceApps,
  connections,
  policies,
  'approval-rules': approvalRules,
  'review-schedules': reviewSchedules,
  'policy-suites': policySuites,
  'authorization-servers': authorizationServers,
} as const satisfies Readonly<Record<string, CollectionShape>>

export type Collection = keyof typeof COLLECTIONS
export const COLLECTION_NAMES = Object.keys(COLLECTIONS) as readonly Collection[]
export type InputOf<C extends Collection> = z.output<(typeof COLLECTIONS)[C]['input']>
export type ViewOf<C extends Collection> = z.output<(typeof COLLECTIONS)[C]['view']>

/** Members that are shown but cannot be set, as plain data for the console. */
export const READ_ONLY_MEMBERS = Object.fromEntries(
  Object.entries<CollectionShape>(COLLECTIONS).map(([name, { readOnly }]) => [name, readOnly]),
) as Readonly<Record<Collection, readonly string[]>>
