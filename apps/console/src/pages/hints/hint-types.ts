// What the pages of hints share: types of the answers, and the names there are.
import type { AnswerTo } from '@crosswalk/admin-api'

export type Hint = AnswerTo<'hints.list'>['items'][number]
export type Severity = Hint['severity']

/** From what cannot wait to what can. */
export const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info']

/** Each there is, by its name. */
const ALL_RULES: Readonly<Record<Hint['rule'], true>> = {
  'agent-without-owner': true,
  'app-key-old': true,
  'audit-stream-lag': true,
  'connection-unused': true,
  'connection-without-end': true,
  'kill-drill-missing': true,
  'people-spike': true,
  'refusal-burst': true,
  'scope-first-use': true,
  'scope-meaning-changed': true,
  'signing-key-old': true,
  'unknown-client': true,
  'volume-spike': true,
}
export const RULES = Object.keys(ALL_RULES) as readonly Hint['rule'][]
