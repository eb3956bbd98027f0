// Types and names shared by the pages of recommendations.
import type { AnswerTo } from '@crosswalk/admin-api'

export type Recommendation = AnswerTo<'recommendations.list'>['items'][number]
export type Severity = Recommendation['severity']

/** From most to least urgent. */
export const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info']

const ALL_RULES: Readonly<Record<Recommendation['rule'], true>> = {
  'access-review-missing': true,
  'activity-reported': true,
  'admin-token-expires-soon': true,
  'agent-without-owner': true,
  'app-key-old': true,
  'approvals-add-up': true,
  'asked-after-sign-out': true,
  'audit-stream-lag': true,
  'clock-drift': true,
  'connection-unused': true,
  'connection-without-end': true,
  'id-jag-never-redeemed': true,
  'id-jag-of-another-client': true,
  'id-jag-reused': true,
  'kill-drill-missing': true,
  'many-resources': true,
  'network-first-use': true,
  'user-spike': true,
  'user-first-use': true,
  'redeemed-for-more': true,
  'refusal-burst': true,
  'removal-unverified': true,
  'report-only-differs': true,
  'restore-drill-missing': true,
  'reverse-proxy': true,
  'scope-creep': true,
  'scope-first-use': true,
  'scope-meaning-changed': true,
  'signing-key-old': true,
  'unknown-client': true,
  'unusual-hours': true,
  'volume-spike': true,
}
export const RULES = Object.keys(ALL_RULES) as readonly Recommendation['rule'][]
