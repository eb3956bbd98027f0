// Helpers for audit events, which may have more members than pages know.
import type { AnswerTo } from '@crosswalk/admin-api'

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

/** Routes that read the history of each kind of object. */
export const HISTORY_OF = {
  user: 'users.history',
  group: 'groups.history',
  app: 'apps.history',
  resource_app: 'resource-apps.history',
  connection: 'connections.history',
  policy: 'policies.history',
  authorization_server: 'authorization-servers.history',
} as const
export type HistoryRoute = (typeof HISTORY_OF)[keyof typeof HISTORY_OF]

/** @returns the history and revision with the event's diff; undefined for other events */
export function changeOf({
  target,
  change,
}: Pick<AdminEvent, 'target' | 'change'>): { route: HistoryRoute; id: string; revision: number } | undefined {
  const { kind = '', id } = target ?? {}
  const revision = change?.['revision']
  if (id === undefined || typeof revision !== 'number' || !Object.hasOwn(HISTORY_OF, kind)) return undefined
  return { route: HISTORY_OF[kind as keyof typeof HISTORY_OF], id, revision }
}
