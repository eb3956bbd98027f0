// Groups the checks of a decision by topic, in evaluation order.
import type { AnswerTo } from '@crosswalk/admin-api'
import type { Check, CheckFamily } from '@crosswalk/protocol'

import type { TextCode } from '../../texts/text.ts'

export type Decision = AnswerTo<'decisions.read'>

const CHECK_GROUPS = [
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

const GROUP_OF: Readonly<Record<CheckFamily, CheckGroup>> = {
  request: 'request',
  client: 'request',
  dpop: 'request',
  binding: 'request',
  authorization: 'request',
  subject_token: 'who',
  actor: 'who',
  assertion: 'who',
  code: 'who',
  sign_in: 'who',
  target: 'target',
  resource: 'target',
  tenant: 'target',
  connection: 'connection',
  people: 'users',
  user: 'users',
  scope: 'scopes',
  authorization_details: 'scopes',
  policy: 'rules',
  stepup: 'rules',
  blocks: 'blocks',
  trust: 'trust',
  replay: 'trust',
  account: 'account',
  credential: 'account',
  granted: 'other',
  server: 'other',
}

export interface GroupedChecks {
  readonly group: CheckGroup
  readonly checks: readonly Check[]
  /** Of its checks, the first of `RESULTS` */
  readonly result: Check['result']
}

/** From the one that matters most. A group passed only if a check in it did: a denial skips those that follow. */
export const RESULTS = ['fail', 'unknown', 'pass', 'skipped', 'not_applicable'] as const

/** @returns non-empty groups that contain every check once */
export function groupChecks(checks: readonly Check[]): readonly GroupedChecks[] {
  const groups = Map.groupBy(checks, ({ id }) => GROUP_OF[id.split('.')[0] as CheckFamily] ?? 'other')
  return CHECK_GROUPS.flatMap((group) => {
    const inside = groups.get(group)
    if (inside === undefined) return []
    const result = RESULTS.find((one) => inside.some((check) => check.result === one))
    return result === undefined ? [] : [{ group, checks: inside, result }]
  })
}

export function groupText(group: CheckGroup): TextCode {
  return `check.group.${group}`
}
