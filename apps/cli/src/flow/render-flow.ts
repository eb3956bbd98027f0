// Renders a flow for the terminal: each leg with its request, response, token and checks, then the result.
import { DECISION_CODES, type DecisionCode, type XaaCode } from '@crosswalk/protocol'

import { sanitizeLine } from '../admin/table.ts'
import { type Fault, type Finding, type FlowRun, type Judgement, KIND_NAMES, type Leg } from '@crosswalk/lab'
import { renderFinding } from '../doctor/render-findings.ts'
import { renderMembers } from '../token/render-token.ts'

const LEG_NAMES: Readonly<Record<Leg['leg'], string>> = {
  exchange: 'ID token → ID-JAG',
  redemption: 'ID-JAG → access token',
  call: 'call of the API',
}

export function renderFlow({ legs }: FlowRun, nowSeconds: number): string {
  return legs
    .map(
      (leg, index) =>
        `${renderLeg(leg, index + 1, nowSeconds)
          .map(sanitizeLine)
          .join('\n')}\n`,
    )
    .join('\n')
}

function renderLeg(leg: Leg, number: number, nowSeconds: number): readonly string[] {
  const { outcome, request, response, ms, decisionId, token, checks, refusal } = leg
  const sign = outcome === 'done' ? '✓' : '✕'
  const parameters = { ...request.headers, ...request.params }
  return [
    `${sign} ${number}  ${LEG_NAMES[leg.leg]}  ${response.status ?? 'no response'}  ${ms} ms  ${decisionId ?? ''}`.trimEnd(),
    ...renderMember('sent', [`${request.method} ${request.url}`, ...renderPairs(parameters)]),
    ...renderMember('got', renderBody(leg)),
    ...(token === undefined
      ? []
      : renderMember(KIND_NAMES[token.kind].split(',')[0] ?? '', [
          ...renderMembers(token.header, nowSeconds),
          ...renderMembers(token.claims ?? {}, nowSeconds),
        ])),
    ...checks.flatMap(renderCheck).map((line) => `  ${line}`),
    ...(refusal === undefined ? [] : [`  ${renderRefusal(refusal)}`]),
  ]
}

/** Without a hint about this response, what its code means. */
function renderRefusal({ code, confidence, hint }: NonNullable<Leg['refusal']>): string {
  return `explained as ${code} (${confidence}): ${hint ?? adviseOn(code)}`
}

export function adviseOn(code: string): string {
  const known = DECISION_CODES[code as XaaCode] as DecisionCode | undefined
  return known === undefined ? 'unknown' : `${known.meaning}. ${known.remedy}`
}

/** A passed check is one line: its evidence is the leg itself. */
export function renderCheck(finding: Finding): readonly string[] {
  const { id, title, result, saw } = finding
  return result === 'pass'
    ? [`✓ ${id}  ${title}${saw === undefined ? '' : `: ${saw}`}`]
    : renderFinding(finding)
}

function renderBody({ response: { body, headers } }: Leg): readonly string[] {
  const text = typeof body === 'string' ? [body.slice(0, 300)] : renderPairs(body)
  const challenge = headers['www-authenticate']
  return [...text.filter(Boolean), ...(challenge === undefined ? [] : [`WWW-Authenticate: ${challenge}`])]
}

function renderPairs(members: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(members).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
}

/** A hostile server may send any number of members. */
const MAX_LINES = 100

function renderMember(label: string, lines: readonly string[]): readonly string[] {
  const width = 14
  const shown =
    lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), `… ${lines.length - MAX_LINES} more`] : lines
  return shown.map((line, index) => `  ${(index === 0 ? label : '').padEnd(width)}${line.trimStart()}`)
}

const VERDICTS: Readonly<Record<Judgement['verdict'], string>> = {
  'refused-as-expected': '✓ REFUSED, as expected',
  taken: '✕ ACCEPTED',
  inconclusive: '? INCONCLUSIVE',
}

export function renderJudgement(fault: Fault, { verdict, because }: Judgement): string {
  const lines = [
    `${VERDICTS[verdict]}  ${fault.id}`,
    `  changed   ${fault.changes}`,
    `  expected  refused at ${fault.leg}: ${[...fault.errors.filter(Boolean), ...fault.codes].join(', ')}`,
    `  seen      ${because}`,
  ]
  return `${lines.map(sanitizeLine).join('\n')}\n`
}
