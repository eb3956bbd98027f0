// Finds what differs between two runs of the flow: outcomes, checks, what was sent and received, and claims. Values that
// differ in every run, such as times, ids and fingerprints of tokens, do not count. Pure.
import { isObject } from '@crosswalk/protocol'

import { STEP_NAMES, type StepName } from './recorded-run.ts'
import type { Trace } from './trace-document.ts'

export interface TraceDifference {
  readonly step: StepName
  /** `outcome`, `check X03`, `sent 1 audience`, `claim aud` */
  readonly what: string
  /** Undefined: absent in this trace */
  readonly before: string | undefined
  readonly after: string | undefined
}

type Step = Trace['steps'][number]
type Facts = ReadonlyMap<string, string>

export function compareTraces(before: Trace, after: Trace): readonly TraceDifference[] {
  return STEP_NAMES.flatMap((step) => {
    const [left, right] = [before, after].map(({ steps }) =>
      listFacts(steps.find((one) => one.step === step)),
    )
    const names = new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])])
    return [...names].flatMap((what): readonly TraceDifference[] => {
      const [old, now] = [left?.get(what), right?.get(what)]
      return old === now ? [] : [{ step, what, before: old, after: now }]
    })
  })
}

function listFacts(step: Step | undefined): Facts {
  if (step === undefined) return new Map()
  const { outcome, refusal, decision, checks = [], token, exchanges } = step
  return new Map([
    ['outcome', outcome],
    ...listMembers('refusal', { code: refusal?.code, error: refusal?.error, status: refusal?.status }),
    ...listMembers('decision', { code: decision?.code }),
    ...checks.map(({ id, result }) => [`check ${id}`, result] as const),
    ...exchanges.flatMap((exchange, index) =>
      listExchange(exchange, exchanges.length > 1 ? ` ${index + 1}` : ''),
    ),
    ...listMembers('token', { kind: token?.kind, typ: token?.header['typ'], alg: token?.header['alg'] }),
    ...listMembers('claim', token?.claims),
  ])
}

function listExchange({ request, response, problem }: Step['exchanges'][number], place: string) {
  const { method, url, params, json } = request
  return [
    ...listMembers(`sent${place}`, { to: `${method} ${url.replace(/[?#].*$/s, '')}`, ...params }),
    ...listMembers(`sent${place}`, isObject(json) ? json : {}),
    ...listMembers(`received${place}`, { status: response.status, problem }),
    ...listMembers(`received${place}`, typeof response.body === 'string' ? {} : response.body),
  ]
}

/** Different in every run. */
const VOLATILE =
  /^(?:iat|exp|nbf|jti|auth_time|sid|state|nonce|code|code_challenge|decision_id|trace_id|time|txn|id)$/

function listMembers(kind: string, members: object | undefined): readonly (readonly [string, string])[] {
  return Object.entries(members ?? {}).flatMap(([name, value]: [string, unknown]) =>
    value === undefined || (VOLATILE.test(name) && kind !== 'refusal' && kind !== 'decision')
      ? []
      : [[`${kind} ${normalise(name)}`, normalise(value)] as const],
  )
}

/** Fingerprints and pseudonyms of each file have a salt of their own. */
function normalise(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text
    .replace(/\[(?:\d+ characters, |secret |token )#[0-9a-f]+\]/g, '[hidden]')
    .replace(/\b(user|redacted)-[0-9a-f]{12}\b/g, '$1')
}
