// Groups the checks of a decision by topic, in evaluation order.
import type { AnswerTo } from '@crosswalk/admin-api'
import type { Check } from '@crosswalk/protocol'

import type { TextCode } from '../../texts/text.ts'

export type Decision = AnswerTo<'decisions.read'>

export const CHECK_GROUPS = [
  'request',
  'who',
  'target',
  'connection',
  'users',
  'scopes',
  'rules',
  'blocks',
  'trust',
  'account',
  'other',
] as const
export type CheckGroup = (typeof CHECK_GROUPS)[number]

const GROUP_OF: Readonly<Record<string, CheckGroup>> = {
  request: 'request',
  client: 'request',
  dpop: 'request',
  binding: 'request',
  subject_token: 'who',
  actor: 'who',
  assertion: 'who',
  target: 'target',
  resource: 'target',
  tenant: 'target',
  connection: 'connection',
  people: 'users',
  scope: 'scopes',
  authorization_details: 'scopes',
  policy: 'rules',
  stepup: 'rules',
  blocks: 'blocks',
  revocation: 'blocks',
  trust: 'trust',
  replay: 'trust',
  account: 'account',
}

export interface GroupedChecks {
  readonly group: CheckGroup
  readonly checks: readonly Check[]
  readonly failed: boolean
}

/** @returns non-empty groups that contain every check once */
export function groupChecks(checks: readonly Check[]): readonly GroupedChecks[] {
  const groups = Map.groupBy(checks, ({ id }) => GROUP_OF[id.split('.')[0] ?? ''] ?? 'other')
  return CHECK_GROUPS.flatMap((group) => {
    const inside = groups.get(group)
    if (inside === undefined) return []
    const failed = inside.some(({ result }) => result === 'fail' || result === 'unknown')
    return [{ group, checks: inside, failed }]
  })
}

export function groupText(group: CheckGroup): TextCode {
  return `check.group.${group}`
}
