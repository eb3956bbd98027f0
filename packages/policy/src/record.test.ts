import { type CheckName, DECISION_CODES, type XaaCode } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { createChecklist } from './checklist.ts'
import { assembleRecord, type RecordParts } from './record.ts'

const NARROWED: NonNullable<RecordParts['narrowed']> = [
  { scope: 'todos.write', by: 'connection', code: 'XAA1602' },
]

interface Given extends Partial<RecordParts> {
  readonly failed?: readonly (readonly [CheckName, XaaCode])[]
  readonly expected?: unknown
}

function assemble({ failed = [], expected, ...change }: Given) {
  const list = createChecklist()
  for (const [id, code] of failed) list.fail(id, code, expected === undefined ? {} : { expected })
  return assembleRecord({
    frame: { decisionId: 'dec_1', traceId: 'trc_1', nowMs: 1_800_000_000_000, mode: 'enforced' },
    stage: 'idp.token_exchange',
    list,
    request: { requesting_app: null, subject: null, resource: [], scope: [], context: {} },
    resolution: { candidates: [] },
    granted: { scope: ['todos.read'] } as never,
    names: { app: 'Agent0', target: 'Todo0', user: 'Alice' },
    snapshot: {},
    ...change,
  })
}

const outcomes: readonly [XaaCode, string][] = [
  ['XAA1503', 'deny'],
  ['XAA1801', 'step_up'],
  ['XAA1802', 'pending'],
  ['XAA9001', 'error'],
  ['XAA9002', 'error'],
  ['XAA9003', 'error'],
]

describe('the record of a decision', () => {
  it.each(outcomes)('whose first failure is %s has the outcome %s and no grant', (code, outcome) => {
    const record = assemble({
      failed: [
        ['people.connection', code],
        ['blocks', 'XAA1901'],
      ],
      narrowed: NARROWED,
    })
    expect(record).toMatchObject({ code, outcome, granted: null, narrowed: NARROWED })
    // Only with the block lifted, the other remedy works.
    expect(record.remedies).toEqual([
      { rank: 1, owner: 'administrator', text: 'Lift the block.' },
      { rank: 2, owner: DECISION_CODES[code].owner, text: DECISION_CODES[code].remedy },
    ])
  })

  it('needs no remedy if it allows, unless it granted less than was requested', () => {
    expect(assemble({})).toMatchObject({ code: 'XAA0000', outcome: 'allow', narrowed: [], remedies: [] })
    const narrowed = assemble({ narrowed: NARROWED })
    expect(narrowed).toMatchObject({ code: 'XAA0001', outcome: 'allow', narrowed: NARROWED })
    expect(narrowed.remedies).toHaveLength(1)
  })

  it('adds to the remedy of the code what it means in this case', () => {
    const failed = [['connection.window', 'XAA1405']] as const
    const [plain] = assemble({ failed }).remedies
    const [more] = assemble({ failed, remedy: 'It opens on Monday.' }).remedies
    expect(more?.text).toBe(`${plain?.text} It opens on Monday.`)
  })

  it.each<[string, Given, object]>([
    ['no page', { failed: [['blocks', 'XAA1901']] }, { error_uri: undefined, retry_after: undefined }],
    [
      'the page about it',
      { failed: [['people.connection', 'XAA1503']], errorUri: 'https://idp.test/requests' },
      { error_uri: 'https://idp.test/requests' },
    ],
    [
      'when to try again',
      { failed: [['client.rate', 'XAA1904']], retryAfterSeconds: 9 },
      { http: 429, retry_after: 9 },
    ],
    [
      'no time if none is known',
      { failed: [['client.rate', 'XAA1904']] },
      { http: 429, retry_after: undefined },
    ],
    ['half a minute by default', { failed: [['server.fault', 'XAA9002']] }, { http: 503, retry_after: 30 }],
    [
      'the time of the keys',
      { failed: [['server.fault', 'XAA9002']], retryAfterSeconds: 2 },
      { retry_after: 2 },
    ],
    [
      'no time if waiting would not help',
      { failed: [['blocks', 'XAA1901']], retryAfterSeconds: 2 },
      { retry_after: undefined },
    ],
    [
      'which sign-in is required',
      { failed: [['stepup', 'XAA1801']], stepUp: { acrValues: ['mfa', 'hardware'], maxAgeSeconds: 60 } },
      { acr_values: 'mfa hardware', max_age: 60 },
    ],
    [
      'no sign-in if it would not help',
      { failed: [['blocks', 'XAA1901']], stepUp: { acrValues: ['mfa'], maxAgeSeconds: 60 } },
      { acr_values: undefined, max_age: undefined },
    ],
    [
      'which parameters are missing',
      { failed: [['request.parameters', 'XAA1001']], expected: ['audience', 'subject_token'] },
      { error_description: expect.stringMatching(/audience.*subject_token/) },
    ],
    [
      'no missing parameters if something else failed first',
      {
        failed: [
          ['request.form', 'XAA1004'],
          ['request.parameters', 'XAA1001'],
        ],
        expected: ['audience'],
      },
      { error_description: expect.not.stringContaining('audience') },
    ],
  ])('tells the client %s', (_, given, wire) => {
    const absent = { error_uri: undefined, retry_after: undefined, acr_values: undefined, max_age: undefined }
    expect({ ...absent, ...assemble(given).wire }).toMatchObject(wire)
  })

  it('has whole milliseconds if they were measured', () => {
    const frame = { decisionId: 'd', traceId: 't', nowMs: 0, mode: 'enforced' } as const
    expect(assemble({ frame: { ...frame, elapsedMs: 3.9 } }).timing_ms).toEqual({ total: 3 })
    expect(assemble({ frame }).timing_ms).toBeUndefined()
  })
})

it.each<[XaaCode, string]>([
  ['XAA0000', 'Agent0 may use Todo0 for you.'],
  ['XAA1202', 'Please sign in again so that Agent0 can use Todo0 for you.'],
  ['XAA1801', 'Please sign in again so that Agent0 can use Todo0 for you.'],
  ['XAA1401', 'Your organisation has not allowed Agent0 to use Todo0 for you.'],
  ['XAA1901', 'Your organisation has not allowed Agent0 to use Todo0 for you.'],
  ['XAA1101', 'Agent0 could not reach Todo0 for you.'],
])('%s reads to the user as "%s"', (code, sentence) => {
  expect(assemble(code === 'XAA0000' ? {} : { failed: [['blocks', code]] }).summary.user).toBe(sentence)
})

it.each<[XaaCode, RegExp]>([
  ['XAA1901', /^Alice is blocked\.$/],
  ['XAA1202', /^Agent0 sent a subject token of Alice that has expired/],
  ['XAA1306', /^Agent0 named this IdP itself as the audience\.$/],
  ['XAA1401', /^There is no connection from Agent0 to Todo0\.$/],
])('%s reads to the administrator with names', (code, sentence) => {
  expect(assemble({ failed: [['blocks', code]] }).summary.admin).toMatch(sentence)
})

it.each<[XaaCode, string]>([
  ['XAA1001', 'Parameter missing. Add the parameter that the failed check names.'],
  ['XAA1403', 'Connection suspended. Fix (administrator): Resume the connection.'],
  [
    'XAA1407',
    'Connection revoked. Fix (administrator): Resume the connection as an owner or administrator, or delete it and create a new one.',
  ],
])('%s tells the developer who can fix it', (code, sentence) => {
  expect(assemble({ failed: [['blocks', code]] }).summary.developer).toBe(sentence)
})

it('every denial of a token server reads to the administrator as a sentence of at most 140 characters', () => {
  const codes = Object.keys(DECISION_CODES) as XaaCode[]
  // XAA1603 says why one scope was removed; no record has it.
  const denials = codes.filter((code) => /^XAA[129]/.test(code) && code !== 'XAA1603')
  expect(denials.length).toBeGreaterThan(100)
  for (const code of denials) {
    const { admin } = assemble({ failed: [['blocks', code]] }).summary
    expect(admin).toMatch(/^[A-Z].*\.$/)
    expect(admin.length).toBeLessThanOrEqual(140)
  }
})
