// What accepting an invitation would define here, as a configuration document, and what is left to do besides.
import type { ConfigurationDocument, RequestTo } from '@crosswalk/admin-api'

import type { Parts } from '../parts.ts'

export type Wishes = Omit<RequestTo<'invitations.open'>['body'], 'signed'>
export type PlanParts = Parts<'directory' | 'configuration'>

export interface InvitationPlan {
  readonly document: ConfigurationDocument
  /** Of a client that authenticates with one */
  readonly secret?: string
  /** A sentence each */
  readonly notes: readonly string[]
}
