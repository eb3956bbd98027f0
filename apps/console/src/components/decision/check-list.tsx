// Every check of a decision: passed, failed (with expected and actual value), and skipped as a consequence.
import { IconAlertTriangle, IconCheck, IconMinus, IconQuestionMark, IconX } from '@tabler/icons-react'
import { type Check, type CheckName, CHECK_TITLES } from '@crosswalk/protocol'
import type { ReactNode } from 'react'

import { text } from '../../texts/text.ts'
import { Token } from '../chips.tsx'
import { describeVia } from '../object/describe-via.ts'
import { type Decision, groupChecks, groupText, RESULTS } from './check-groups.ts'
import { RefLink } from './ref-link.tsx'

export function CheckList({ decision }: { readonly decision: Decision }) {
  return (
    <div className="cw-checks">
      {groupChecks(decision.checks).map(({ group, checks, result }) => (
        <details key={group} open={isFailure(result)} className="cw-check-group">
          <summary>
            {ICONS[result]}
            <span>{text(groupText(group))}</span>
            <span className="cw-quiet-text">{summarize(checks)}</span>
          </summary>
          <ul className="cw-plain-list">
            {checks.map((check) => (
              <CheckRow key={check.id} check={check} />
            ))}
          </ul>
        </details>
      ))}
    </div>
  )
}

function summarize(checks: readonly Check[]): string {
  const count = (result: Check['result']) => checks.filter((check) => check.result === result).length
  return RESULTS.filter((result) => count(result) > 0)
    .map((result) => `${count(result)} ${text(`check.result.${result}`)}`)
    .join(', ')
}

const ICONS: Record<Check['result'], ReactNode> = {
  pass: <IconCheck size={16} className="cw-check-pass" aria-hidden="true" />,
  fail: <IconX size={16} className="cw-check-fail" aria-hidden="true" />,
  unknown: <IconQuestionMark size={16} className="cw-check-fail" aria-hidden="true" />,
  skipped: <IconAlertTriangle size={16} className="cw-check-quiet" aria-hidden="true" />,
  not_applicable: <IconMinus size={16} className="cw-check-quiet" aria-hidden="true" />,
}

function isFailure(result: Check['result']): boolean {
  return result === 'fail' || result === 'unknown'
}

function CheckRow({ check }: { readonly check: Check }) {
  const { id, result, code, expected, actual, ref, via, because, evaluated, matched } = check
  return (
    <li className={isFailure(result) ? 'cw-check cw-check-failed' : 'cw-check'}>
      {ICONS[result]}
      <div>
        <div className="cw-check-head">
          <span>{CHECK_TITLES[id as CheckName] ?? id}</span>
          <span className="cw-quiet-text">{text(`check.result.${result}`)}</span>
          {code === undefined ? null : <Token tone="deny">{code}</Token>}
          <code className="cw-quiet-text cw-check-id">{id}</code>
        </div>
        <dl className="cw-check-detail">
          <Detail name={text('check.expected')} value={expected} />
          <Detail name={text('word.found')} value={actual} />
          {via === undefined ? null : <Detail name={text('word.through')} value={describeVia(via)} />}
          {because === undefined ? null : <Detail name={text('check.because')} value={because} />}
          {evaluated === undefined ? null : (
            <Detail
              name={text('word.policies')}
              value={text('check.rulesValue', { evaluated, matched: matched ?? 0 })}
            />
          )}
          {ref === undefined ? null : (
            <div>
              <dt>{text('check.ref')}</dt>
              <dd>
                <RefLink check={id} reference={ref} />
              </dd>
            </div>
          )}
        </dl>
      </div>
    </li>
  )
}

function Detail({ name, value }: { readonly name: string; readonly value: unknown }) {
  if (value === undefined) return null
  return (
    <div>
      <dt>{name}</dt>
      <dd>{renderValue(value)}</dd>
    </div>
  )
}

export function renderValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? text('word.none') : value.map(renderValue).join(', ')
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, inner]) => `${name}: ${renderValue(inner)}`)
      .join(', ')
  return String(value)
}
