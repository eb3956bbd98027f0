// Renders a policy replay for the terminal: the sample first, then the differences, then what could not be determined.
import type { ReplayReportBody } from '@crosswalk/admin-api'

import { sanitize } from '../admin/table.ts'
import { count } from '../output.ts'

const WORDS: Readonly<Record<ReplayReportBody['groups'][number]['kind'], string>> = {
  newly_denied: 'newly denied',
  newly_allowed: 'newly allowed',
  step_up_added: 'step-up added',
  step_up_removed: 'step-up removed',
  step_up_changed: 'step-up changed',
  narrowed: 'narrowed',
  widened: 'widened',
  lifetime: 'other lifetime',
  terms: 'other terms',
  reason: 'denied for another reason',
}

const MISSING: Readonly<Record<string, string>> = {
  dpop: 'whether there was a DPoP proof',
  authorization_details: 'the requested authorization details',
  volume: 'the number of exchanges in the hour before',
  rule_input: 'an input of a rule',
}

const SKIPPED: Readonly<Record<string, string>> = {
  'request-refused': 'invalid requests',
  'user-gone': 'the user no longer exists',
  incomplete: 'the record lacks the app, user or target',
  'not-an-exchange': 'not an exchange',
}

const MAX_SHOWN = 5

export function renderReplay(report: ReplayReportBody): string {
  const { groups, unchanged, changedSince, indeterminate, skipped } = report
  const lines = [
    `${count(report.decisions, 'decision')} replayed (${renderSample(report)}), ${unchanged} unchanged`,
    ...(groups.length === 0 ? ['  no difference'] : groups.flatMap(renderGroup)),
    ...renderCounts('undetermined', indeterminate.decisions, indeterminate.missing, MISSING),
    ...renderCounts('not replayed', skipped.decisions, skipped.why, SKIPPED),
    ...(changedSince === 0
      ? []
      : [`! ${changedSince} would be decided differently today than recorded, with or without the draft`]),
  ]
  return `${lines.map(sanitize).join('\n')}\n`
}

function renderSample({ sample: { complete, since, until } }: ReplayReportBody): string {
  if (since === null || until === null) return 'none in this period'
  return complete ? 'the whole period' : `the newest only, from ${since} to ${until}`
}

function renderGroup({
  kind,
  decisions,
  people,
  apps,
  examples,
}: ReplayReportBody['groups'][number]): readonly string[] {
  const shown = examples
    .slice(0, MAX_SHOWN)
    .map(
      ({ decisionId, app, user, target, from, to }) =>
        `      ${app} for ${user} at ${target}: ${from} → ${to}  ${decisionId}`,
    )
  const rest = decisions - shown.length
  const affected = `${count(people, 'user')}, ${count(apps, 'app')}`
  return [
    `  ${WORDS[kind]} ${decisions} (${affected})`,
    ...shown,
    ...(rest > 0 ? [`      and ${rest} more`] : []),
  ]
}

function renderCounts(
  what: string,
  total: number,
  counts: Readonly<Record<string, number>>,
  words: Readonly<Record<string, string>>,
): readonly string[] {
  if (total === 0) return []
  const reasons = Object.entries(counts).map(([name, count]) => `${words[name] ?? name} (${count})`)
  return [`? ${total} ${what}: ${reasons.join(', ')}`]
}
