// Every decision code of the IdP and the Resource Authorization Server: caused by a request over HTTP, found in its record, and explained by the
// CLI with cause and fix.
import { DECISION_CODES, type DecisionCode, type DecisionRecord } from '@crosswalk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { adminOf, ADMIN_TOKEN } from '../admin/admin.ts'
import { crosswalk } from '../cli/run-crosswalk.ts'
import { redeem } from '../support/flow.ts'
import { CODE_FLOW_CASES } from './codes/code-flow-cases.ts'
import { CREDENTIAL_CASES } from './codes/credential-cases.ts'
import { ISSUERS } from './codes/definitions.ts'
import { type Case, CONTROL, EXCHANGE_CASES } from './codes/exchange-cases.ts'
import { REDEMPTION_CASES } from './codes/redemption-cases.ts'
import { openStage, type Stage } from './codes/stage.ts'

const CASES: Readonly<Record<string, Case>> = {
  ...EXCHANGE_CASES,
  ...REDEMPTION_CASES,
  ...CODE_FLOW_CASES,
  ...CREDENTIAL_CASES,
}
/** Codes for responses of other products, which our servers never use. */
const FOREIGN = { XAA2402: { http: 400, body: { error: 'access_denied' }, leg: 'redemption' } } as const

/** Caused in `vault.test.ts`, where a service goes down. */
const ELSEWHERE = ['XAA2605']

const codes = Object.entries<DecisionCode>(DECISION_CODES).filter(([code]) => /^XAA[12]/.test(code))

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.stop())

/** Only the server that responded knows the reason. */
async function findRecord(decisionId: string): Promise<{ record: DecisionRecord; baseUrl: string }> {
  for (const { baseUrl } of [stage, stage.strict]) {
    const { status, body } = await adminOf(baseUrl)('GET', `/decisions/${decisionId}`)
    if (status === 200) return { record: body as DecisionRecord, baseUrl }
  }
  throw new Error(`no record of ${decisionId}`)
}

/** An informational code accompanies the code of the decision. */
const codesOf = ({ code, checks, narrowed }: DecisionRecord) => [
  code,
  ...checks.flatMap((check) => check.code ?? []),
  ...narrowed.map((one) => one.code),
]

it('every code of the two servers has a case, and every case a code', () => {
  const cases = [...Object.keys(CASES), ...Object.keys(FOREIGN), ...ELSEWHERE]
  expect(cases.toSorted()).toEqual(codes.map(([code]) => code).toSorted())
})

it('positive control: both legs succeed', async () => {
  expect((await CONTROL(stage)).status).toBe(200)
  expect((await redeem(stage.baseUrl, await stage.forge(ISSUERS.open))).status).toBe(200)
})

describe('a request', () => {
  it.each(codes.filter(([code]) => CASES[code] !== undefined))('results in %s', async (code, entry) => {
    const answer = await CASES[code]?.(stage)
    const decisionId = answer?.headers.get('crosswalk-decision') ?? ''
    const { record, baseUrl } = await findRecord(decisionId)
    expect(codesOf(record), JSON.stringify(record.checks)).toContain(code)
    // An informational code comes with the response of another code.
    const shown = record.code === code ? entry : record.wire
    expect([answer?.status, answer?.body.error]).toEqual([shown.http, shown.error])
    const { exitCode, out } = await crosswalk(['explain', decisionId, '--server', baseUrl], {
      env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN },
    })
    expect(exitCode).toBe(0)
    expect(out).toContain(code)
    if (record.outcome !== 'allow') expect(out).toMatch(/^ {2}fix {2,}\S/m)
    const offline = await crosswalk(['code', code])
    const unwrapped = offline.out.replaceAll(/\s+/g, ' ')
    expect(unwrapped).toContain(entry.meaning)
    expect(unwrapped).toContain(entry.remedy)
  })
})

describe('a response of another product', () => {
  it.each(Object.entries(FOREIGN))('is mapped to %s', async (code, { http, body, leg }) => {
    const { exitCode, out } = await crosswalk(
      ['explain', '-', '--http', String(http), '--leg', leg, '--server', stage.baseUrl],
      { env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN }, stdin: JSON.stringify(body) },
    )
    expect([exitCode, out]).toEqual([0, expect.stringMatching(new RegExp(`^${code} [^]*fix`))])
  })
})
