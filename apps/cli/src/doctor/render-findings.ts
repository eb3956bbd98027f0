// Renders findings for the terminal: each problem with evidence, reason and fix; passed checks only on request; then
// counts.
import type { Finding } from '@crosswalk/lab'

import { sanitizeLine } from '../admin/table.ts'
import { count } from '../output.ts'
import type { Changes } from './since-last.ts'

const SIGNS: Readonly<Record<Finding['result'], string>> = {
  pass: '✓',
  fail: '✕',
  warn: '!',
  info: 'i',
  skipped: '–',
}
const ORDER: readonly Finding['result'][] = ['fail', 'warn', 'info', 'skipped', 'pass']

export function renderFindings(
  findings: readonly Finding[],
  { verbose }: { readonly verbose: boolean },
): string {
  const shown = findings.filter(({ result }) => verbose || ['fail', 'warn', 'info'].includes(result))
  const sorted = ORDER.flatMap((result) => shown.filter((finding) => finding.result === result))
  const lines = [
    ...sorted.flatMap(renderFinding),
    `${verbose ? '' : '  '}${renderCounts(findings)}`.trimStart(),
  ]
  return `${lines.map(sanitizeLine).join('\n')}\n`
}

export function renderChanges({ added, resolved, unchanged, since }: Changes): string {
  const lines = [
    ...ORDER.flatMap((result) => added.filter((finding) => finding.result === result)).flatMap(renderFinding),
    ...resolved.map(({ id, title, subject }) => `✓ ${id}  resolved: ${title}  ${subject}`),
    `${added.length} new · ${resolved.length} resolved · ${unchanged} unchanged ${since === undefined ? '(first run)' : `since ${since}`}`,
  ]
  return `${lines.map(sanitizeLine).join('\n')}\n`
}

export function renderFinding(finding: Finding): readonly string[] {
  const { id, title, subject, result, what, saw, expected, why, fix, because } = finding
  if (result === 'skipped') return [`– ${id}  ${title}: skipped because of ${because ?? ''}  ${subject}`]
  if (result === 'pass') return [`✓ ${id}  ${title}${saw === undefined ? '' : `: ${saw}`}  ${subject}`]
  const details = Object.entries({ at: subject, saw, expected, why, fix })
  return [
    `${SIGNS[result]} ${id}  ${what ?? title}`,
    ...details.flatMap(([name, text]) =>
      text === undefined ? [] : [`       ${name.padEnd('expected'.length)}  ${text}`],
    ),
  ]
}

function renderCounts(findings: readonly Finding[]): string {
  const find = (result: Finding['result']) => findings.filter((it) => it.result === result).length
  const skipped = findings.filter(({ result }) => result === 'skipped')
  const roots = [...new Set(skipped.map(({ because }) => because))].join(', ')
  return [
    `${find('pass')} passed`,
    `${find('fail')} failed`,
    count(find('warn'), 'warning'),
    ...(find('info') === 0 ? [] : [count(find('info'), 'note')]),
    ...(skipped.length === 0 ? [] : [`${skipped.length} skipped because of ${roots}`]),
  ].join(' · ')
}
