// The file format of a run, `*.xaatrace.json`: its schema, and the conversion from and to a run. The writer decides
// what it may contain.
import { type DecisionRecord, zDecisionRecord } from '@crosswalk/protocol'
import { z } from 'zod'

import { type RecordedRun, STEP_NAMES, type StepName, type StepRecord } from './recorded-run.ts'

export const TRACE_SCHEMA = 'xaa.trace/v1'

const zTexts = z.array(z.string()).readonly()
const zPairs = z.record(z.string(), z.string())
const zMembers = z.record(z.string(), z.unknown())
const zMs = z.number().nonnegative()
const zText = z.string().exactOptional()

const zExchange = z.strictObject({
  request: z.strictObject({
    method: z.string(),
    url: z.string().refine((url) => URL.canParse(url), 'this is not a URL'),
    headers: zPairs,
    params: zPairs,
    json: z.unknown().exactOptional(),
  }),
  response: z.strictObject({
    /** Absent without a response */
    status: z.number().optional(),
    headers: zPairs,
    body: z.union([zMembers, z.string()]),
  }),
  problem: zText,
  ms: zMs,
})

const zTable = z.strictObject({
  caption: z.string(),
  head: zTexts,
  rows: z.array(z.array(z.union([z.string(), z.strictObject({ words: z.string() })])).readonly()).readonly(),
})

const zFinding = z.strictObject({
  id: z.string(),
  title: z.string(),
  subject: z.string(),
  result: z.enum(['pass', 'fail', 'warn', 'info', 'skipped']),
  what: zText,
  saw: zText,
  expected: zText,
  why: zText,
  fix: zText,
  because: zText,
})

const zToken = z.strictObject({
  kind: z.enum([
    'id-jag',
    'access-token',
    'id-token',
    'client-assertion',
    'dpop-proof',
    'logout-token',
    'security-event',
    'jwt',
    'encrypted',
  ]),
  header: zMembers,
  claims: zMembers.optional(),
})

const zRefusal = z.strictObject({
  status: z.number().optional(),
  error: z.string().optional(),
  code: z.string(),
  confidence: z.string(),
  hint: zText,
})

const zStep = z.strictObject({
  step: z.enum(STEP_NAMES),
  outcome: z.enum(['done', 'narrowed', 'refused']),
  ms: zMs,
  told: zTexts,
  tables: z.array(zTable).readonly().exactOptional(),
  checks: z.array(zFinding).readonly().exactOptional(),
  /** Without its signature */
  token: zToken.optional(),
  refusal: zRefusal.optional(),
  decision_id: z.string().optional(),
  decision: zDecisionRecord.optional(),
  exchanges: z.array(zExchange).readonly(),
})

const zTrial = z.strictObject({
  fault: z.strictObject({
    id: z.string(),
    leg: z.enum(['exchange', 'redemption', 'call']),
    changes: z.string(),
    gain: z.string(),
    errors: zTexts,
    codes: zTexts,
  }),
  judgement: z.strictObject({
    verdict: z.enum(['refused-as-expected', 'taken', 'inconclusive']),
    because: z.string(),
  }),
})

export const zTrace = z.strictObject({
  schema: z.literal(TRACE_SCHEMA),
  written_at: z.iso.datetime(),
  run: z.strictObject({
    number: z.int().nonnegative(),
    started_at: z.iso.datetime(),
    username: z.string().optional(),
    /** No step was left */
    is_over: z.boolean(),
    parties: z.array(z.tuple([z.string(), z.string()]).readonly()).readonly(),
  }),
  steps: z
    .array(zStep)
    .readonly()
    .refine((steps) => new Set(steps.map(({ step }) => step)).size === steps.length, 'a step is repeated'),
  trial: zTrial.optional(),
  report: z.array(zTrial).readonly().optional(),
})
export type Trace = z.infer<typeof zTrace>

export function toTrace(story: RecordedRun, writtenAtMs: number): Trace {
  const { number, atMs, username, isOver, parties, steps, trial, report } = story
  return {
    schema: TRACE_SCHEMA,
    written_at: new Date(writtenAtMs).toISOString(),
    run: { number, started_at: new Date(atMs).toISOString(), username, is_over: isOver, parties },
    steps: STEP_NAMES.flatMap((step) => {
      const record = steps[step]
      return record === undefined ? [] : [toTraceStep(step, record)]
    }),
    trial: trial && toTraceTrial(trial),
    report: report?.map(toTraceTrial),
  }
}

function toTraceStep(step: StepName, { sent, decisionId, ...record }: StepRecord): Trace['steps'][number] {
  const { decision } = record
  return { step, ...record, decision: decision && { ...decision }, decision_id: decisionId, exchanges: sent }
}

/** A fault has more than its description: it can be executed. */
function toTraceTrial({ fault, judgement }: NonNullable<RecordedRun['trial']>): NonNullable<Trace['trial']> {
  const { id, leg, changes, gain, errors, codes } = fault
  return { fault: { id, leg, changes, gain, errors, codes }, judgement }
}

export function fromTrace({ run, steps, trial, report }: Trace): RecordedRun {
  const records = steps.map(({ step, exchanges, decision_id: decisionId, decision, ...record }) => {
    const told = decision as DecisionRecord | undefined
    return [step, { ...record, sent: exchanges, decisionId, decision: told }] as const
  })
  return {
    number: run.number,
    atMs: Date.parse(run.started_at),
    username: run.username,
    parties: run.parties,
    isOver: run.is_over,
    steps: Object.fromEntries(records) as RecordedRun['steps'],
    trial,
    report,
  }
}
