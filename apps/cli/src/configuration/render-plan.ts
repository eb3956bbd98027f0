// Renders a plan for the terminal: the changes, the differences, and who changed objects by hand.
import type { ConfigurationPlan, PlannedChange } from '@crosswalk/admin-api'
import { isTextList } from '@crosswalk/protocol'

import { sanitize } from '../admin/table.ts'
import { count } from '../output.ts'

const MARKS: Readonly<Record<PlannedChange['action'], string>> = {
  create: '+',
  change: '~',
  delete: '-',
  extra: '?',
  blocked: '!',
}

const NOTES: Partial<Readonly<Record<PlannedChange['action'], string>>> = {
  extra: 'in the database only; --prune deletes it',
  blocked: 'owned by the configuration file of the server',
}

export function renderPlan(plan: ConfigurationPlan): string {
  const failed = plan.failedTests.map(
    ({ suite, test, why }) => `✗ policy test ${suite}: ${test} would fail: ${why}`,
  )
  const lines = [renderCounts(plan), ...plan.changes.flatMap(renderChange), ...failed]
  return `${lines.map(sanitize).join('\n')}\n`
}

function renderCounts({ changes, problems, unchanged, revision }: ConfigurationPlan): string {
  if (changes.length === 0 && problems.length > 0) return `the documents have problems (revision ${revision})`
  if (changes.length === 0)
    return `✓ no differences: ${count(unchanged, 'object')} unchanged (revision ${revision})`
  const of = (action: PlannedChange['action']) => changes.filter((it) => it.action === action).length
  const parts = [
    [of('create'), 'to create'],
    [of('change'), 'to change'],
    [of('delete'), 'to delete'],
    [of('extra'), 'not in the document'],
    [of('blocked'), 'owned by the file'],
    [unchanged, 'unchanged'],
  ] as const
  const words = parts.flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]))
  return `${words.join(', ')} (revision ${revision})`
}

function renderChange({
  action,
  collection,
  id,
  differences,
  secrets,
  where,
  byHand,
}: PlannedChange): readonly string[] {
  const note = [NOTES[action], where].filter(Boolean).join(', ')
  const members = action === 'create' ? [] : differences.map(renderDifference)
  return [
    `${MARKS[action]} ${collection}/${id}${note === '' ? '' : `  ${note}`}`,
    ...members.map((line) => `    ${line}`),
    ...secrets.map((place) => `    ${place} is set`),
    ...byHand.map(
      ({ at, by, reason, removed, revision }) =>
        `    by hand: ${removed ? 'removed' : 'changed'} ${at} by ${by}, revision ${revision}${reason === undefined ? '' : `: ${reason}`}`,
    ),
  ]
}

/** For lists of strings, what is added and removed; otherwise both values. */
function renderDifference({ path, before, after }: PlannedChange['differences'][number]): string {
  if (isTextList(before) && isTextList(after)) {
    const gone = before.filter((word) => !after.includes(word)).map((word) => `-${word}`)
    const come = after.filter((word) => !before.includes(word)).map((word) => `+${word}`)
    if (gone.length + come.length > 0) return `${path}: ${[...gone, ...come].join(' ')}`
  }
  return `${path}: ${renderValue(before)} → ${renderValue(after)}`
}

const MAX_CHARACTERS = 60

function renderValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text
}
