// Helpers for audit events, which may have more members than pages know.
import type { AnswerTo } from '@crosswalk/admin-api'

import { text, type TextCode } from '../../texts/text.ts'

export type AdminEvent = AnswerTo<'audit.list'>['items'][number] & {
  readonly actor?: { readonly kind?: string; readonly id?: string; readonly display?: string }
  readonly target?: { readonly kind?: string; readonly id?: string }
  readonly reason?: string
  readonly change?: Readonly<Record<string, unknown>>
}

/** Pages that list effective access or a policy's impact also log a simulation; its target says which. */
const SIMULATIONS: Readonly<Record<string, TextCode>> = {
  matrix: 'audit.simulation.matrix',
  policy_suite: 'audit.simulation.tests',
  reach: 'audit.simulation.reach',
  replay: 'audit.simulation.replay',
}

/** What happened to the audit log itself, where the type does not say it. */
const AUDIT_LOG: Readonly<Record<string, TextCode>> = {
  'audit.packed': 'audit.event.packed',
  'audit.proven': 'audit.event.proven',
}

/** `connection.changed` as `Connection changed` */
export function nameOfEvent({ type, target }: Pick<AdminEvent, 'type' | 'target'>): string {
  const code = type === 'simulation.run' ? SIMULATIONS[target?.kind ?? ''] : AUDIT_LOG[type]
  if (code !== undefined) return text(code)
  const named = type.replace(/^audit\./, 'audit_log.')
  return named.replaceAll(/[._]/g, ' ').replace(/^./, (letter) => letter.toUpperCase())
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
}: AdminEvent): { route: HistoryRoute; id: string; revision: number } | undefined {
  const { kind = '', id } = target ?? {}
  const revision = change?.['revision']
  if (id === undefined || typeof revision !== 'number' || !Object.hasOwn(HISTORY_OF, kind)) return undefined
  return { route: HISTORY_OF[kind as keyof typeof HISTORY_OF], id, revision }
}
