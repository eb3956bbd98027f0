// What accepting an invitation would define here, as a configuration document, and what remains to be done.
import type { ConfigurationDocument, RequestTo } from '@crosswalk/admin-api'

import type { Parts } from '../parts.ts'

export type InvitationChoices = Omit<RequestTo<'invitations.open'>['body'], 'signed'>
export type PlanParts = Parts<'directory' | 'configuration'>

export interface InvitationPlan {
  readonly document: ConfigurationDocument
  /** For a client that authenticates with a secret */
  readonly secret?: string
  /** One sentence each */
  readonly notes: readonly string[]
}
