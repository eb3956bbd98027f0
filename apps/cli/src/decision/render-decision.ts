// Renders a decision for the terminal: the outcome first, then the request, the checks, and what would allow it.
import { type Check, type DecisionRecord, isObject, type Remedy } from '@crosswalk/protocol'
import { stringify } from 'yaml'

import { sanitize } from '../admin/table.ts'
import type { CommandTerminal } from '../terminal.ts'
import { fillLines, type Screen, widthOf, wrapText } from '../wrap-text.ts'

export type DecisionScreen = Pick<CommandTerminal, 'suggest' | 'columns'>

const INDENT = '  '
const LABEL_COLUMNS = 8

const OUTCOMES: Readonly<Record<DecisionRecord['outcome'], string>> = {
  allow: '✓ ALLOWED',
  deny: '✕ DENIED',
  step_up: '↑ SIGN IN AGAIN',
  pending: '◷ PENDING',
  error: '! ERROR',
}

export function nameOutcome(outcome: DecisionRecord['outcome'], code: string): string {
  return code === 'XAA0001' ? '◐ NARROWED' : OUTCOMES[outcome]
}

export function renderDecision(record: DecisionRecord, screen: DecisionScreen): string {
  const wrap = wrapLabelled(screen)
  const lines = [
    ...wrapText(
      `${nameOutcome(record.outcome, record.code)}  ${record.code}  ${record.summary.admin}`,
      widthOf(screen),
    ),
    ...labelled('id', wrap(`${record.decision_id} · ${record.mode} at ${record.time}`)),
    ...(record.stage === 'idp.token'
      ? labelled('request', wrap(summariseRequest(record)))
      : [
          ...labelled('request', wrap(renderAsked(record))),
          ...labelled('target', wrap(renderTarget(record))),
        ]),
    ...labelled('checks', [
      ...fillLines(record.checks.filter((check) => !isFailed(check)).map(renderPassed), {
        width: widthOf(screen) - INDENT.length - LABEL_COLUMNS,
        separator: '  ',
      }),
      ...record.checks.filter(isFailed).flatMap((check) => wrap(renderFailed(check, record.code))),
    ]),
    ...labelled(
      'rules',
      record.policies
        .filter(({ applies }) => applies)
        .map(renderRule)
        .flatMap(wrap),
    ),
    ...labelled('granted', renderGranted(record).flatMap(wrap)),
    ...labelled(
      'removed',
      record.narrowed.flatMap(({ scope, resource, by, code }) =>
        wrap(`${scope ?? resource ?? ''} by ${by} (${code})`),
      ),
    ),
    ...labelled(
      'fix',
      record.remedies.flatMap((remedy) => renderRemedy(remedy, screen)),
    ),
    ...labelled('wire', wrap(renderWire(record))),
  ]
  return `${lines.map(sanitize).join('\n')}\n`
}

export function renderDecisionLine(record: DecisionRecord): string {
  const [outcome = ''] = nameOutcome(record.outcome, record.code).split(' ')
  const what = summariseRequest(record)
  return sanitize(`${record.time}  ${outcome} ${record.code}  ${what}  ${record.decision_id}`)
}

/** Sign-in and refresh happen at the IdP itself, for no resource. The user is known once tokens are issued. */
function summariseRequest({ stage, request, resolution }: DecisionRecord): string {
  const { requesting_app: app, subject, audience, grant_type: grantType } = request
  const who = app?.id ?? 'unknown app'
  const target = resolution.resource_app ?? audience
  const user = subject?.display ?? subject?.ref
  const isWithoutTarget = stage === 'idp.token' || (subject === null && target === undefined)
  if (isWithoutTarget && grantType !== undefined)
    return `${who}${user === undefined ? '' : ` for ${user}`} by ${grantType}`
  const through =
    subject?.chain === undefined
      ? ''
      : ` through ${subject.chain.hops.map(({ app: before }) => before).join(', ')}`
  // Both requests of an access are in the same list, often with the same names.
  const leg = stage.startsWith('ras.') ? ` (${stage.slice('ras.'.length)})` : ''
  return `${who} for ${user ?? 'unknown user'}${through} at ${target ?? '–'}${leg}`
}

/** Lines under a label, indented like the rest of a decision. */
export function labelled(label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `${INDENT}${(index === 0 ? label : '').padEnd(LABEL_COLUMNS)}${line}`)
}

/** Wraps text next to a label. */
export function wrapLabelled(screen: Screen): (text: string) => readonly string[] {
  return (text) => wrapText(text, widthOf(screen) - INDENT.length - LABEL_COLUMNS)
}

function renderAsked({ request }: DecisionRecord): string {
  const { requesting_app: app, subject, audience, resource, scope } = request
  const where = resource.length === 0 ? (audience ?? 'no audience') : resource.join(' ')
  const what = scope.length === 0 ? 'all allowed scopes' : scope.join(' ')
  return `${app?.id ?? 'an unknown app'} for ${subject?.display ?? subject?.ref ?? 'unknown user'} at ${where} · ${what}`
}

function renderTarget({ resolution }: DecisionRecord): string {
  const { resource_app: resourceApp, how, candidates, connection, account } = resolution
  const found =
    resourceApp === undefined
      ? `none found${candidates.length === 0 ? '' : ` among ${candidates.join(', ')}`}`
      : `${resourceApp}${how === undefined ? '' : ` (${how})`}`
  return [
    found,
    ...(connection === undefined ? [] : [`connection ${connection}`]),
    ...(account === undefined ? [] : [`account ${account}`]),
  ].join(' · ')
}

const MARKS: Readonly<Record<Check['result'], string>> = {
  pass: '✓',
  fail: '✕',
  unknown: '?',
  skipped: '–',
  not_applicable: '–',
}

function isFailed({ result }: Check): boolean {
  return result === 'fail' || result === 'unknown'
}

function renderPassed({ id, result, via }: Check): string {
  return `${MARKS[result]} ${id}${via === undefined ? '' : ` (${via})`}`
}

/** The first line of the output already has the code of the decision, so only other codes are shown here. */
function renderFailed({ id, result, code, expected, actual, ref }: Check, shownCode: string): string {
  return [
    `${MARKS[result]} ${id}`,
    ...(code === undefined || code === shownCode ? [] : [`(${code})`]),
    ...(expected === undefined ? [] : [`needs ${renderValue(expected)}`]),
    ...(actual === undefined ? [] : [`has ${renderValue(actual)}`]),
    ...(ref === undefined ? [] : [`see ${ref}`]),
  ].join('  ')
}

function renderValue(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return value.length === 0 ? 'none' : value.join(', ')
  if (isLinking(value)) return value.map(({ step, result }) => `${step}: ${result}`).join(', ')
  return JSON.stringify(value)
}

/** What each strategy of account linking found. */
function isLinking(value: unknown): value is readonly { readonly step: string; readonly result: string }[] {
  return Array.isArray(value) && value.every((one) => isObject(one) && 'step' in one && 'result' in one)
}

function renderRule({ id, effect, state, result, clauses }: DecisionRecord['policies'][number]): string {
  const seen = clauses.map(({ text, value }) => `${text} (${renderValue(value)})`).join(', ')
  const note = state === 'report-only' ? ', report-only' : ''
  return `${id}: ${effect} ${result}${note}${seen === '' ? '' : ` · ${seen}`}`
}

function renderGranted({ granted }: DecisionRecord): readonly string[] {
  if (granted === null) return []
  const { scope, resource, lifetime_seconds: seconds, client_id: client } = granted
  return [`${scope.join(' ')} at ${resource.join(' ')} for ${seconds} s, as client ${client}`]
}

/** Commands and YAML are not wrapped, so that they can be copied. */
function renderRemedy(
  { owner, text, cli, api, edits = [], verified }: Remedy,
  screen: DecisionScreen,
): readonly string[] {
  const wrap = wrapLabelled(screen)
  return [
    ...wrap(`(${owner}) ${text}${verified === undefined ? '' : `  → ${verified}`}`),
    ...(cli === undefined ? (api?.split('\n') ?? []) : [screen.suggest(cli)]).map((line) => `  ${line}`),
    ...edits.flatMap((edit) => renderEdit(edit, wrap)),
  ]
}

/** A change to the configuration file, which the server reads at start. */
function renderEdit(
  { file, line, object, patch }: NonNullable<Remedy['edits']>[number],
  wrap: (text: string) => readonly string[],
): readonly string[] {
  const where = line === undefined ? file : `${file}:${line}`
  const yaml = stringify(patch).trimEnd().split('\n')
  return [...wrap(`  in ${where}, ${object}, then restart the server:`), ...yaml.map((part) => `    ${part}`)]
}

function renderWire({ wire }: DecisionRecord): string {
  const { http, error, error_description: description } = wire
  return `${http}${error === undefined ? '' : ` ${error}`}${description === undefined ? '' : ` "${description}"`}`
}
