// Helpers for audit events, which may have more members than pages know.
import type { AnswerTo, Collection } from '@crosswalk/admin-api'
import type { ObjectKind } from '@crosswalk/protocol'

import { findText } from '../../texts/known.ts'
import '../../texts/en/events.ts'

export type AdminEvent = AnswerTo<'audit.list'>['items'][number] & {
  readonly actor?: { readonly kind?: string; readonly id?: string; readonly display?: string }
  readonly target?: { readonly kind?: string; readonly id?: string }
  readonly on_behalf_of?: { readonly user_ref?: string }
  readonly delegation?: { readonly connection?: string }
  readonly reason?: string
  readonly change?: Readonly<Record<string, unknown>>
}

/** The name in the texts, or else the words of the type: `connection.changed` is `Connection changed` */
export function nameOfEvent({ type, target }: Pick<AdminEvent, 'type' | 'target'>): string {
  return (
    findText(`event.${type}.${target?.kind}`) ??
    findText(`event.${type}`) ??
    type.replaceAll(/[._]/g, ' ').replace(/^./, (letter) => letter.toUpperCase())
  )
}

/** By the kind that events name as their target. */
const COLLECTION_OF = {
  user: 'users',
  group: 'groups',
  app: 'apps',
  resource_app: 'resource-apps',
  connection: 'connections',
  policy: 'policies',
  policy_suite: 'policy-suites',
  approval_rule: 'approval-rules',
  review_schedule: 'review-schedules',
  authorization_server: 'authorization-servers',
} as const satisfies Readonly<Record<ObjectKind, Collection>>

export interface ObjectChange {
  readonly collection: Collection
  readonly id: string
  readonly revision: number
}

/** @returns the object and revision whose history has the event's diff; undefined for other events */
export function changeOf({
  target,
  change,
}: Pick<AdminEvent, 'target' | 'change'>): ObjectChange | undefined {
  const { kind = '', id } = target ?? {}
  const revision = change?.['revision']
  if (id === undefined || typeof revision !== 'number' || !Object.hasOwn(COLLECTION_OF, kind))
    return undefined
  return { collection: COLLECTION_OF[kind as ObjectKind], id, revision }
}
