import type { SpanExporter } from '@opentelemetry/sdk-trace'
import { expect, it } from 'vitest'

import { reportFailures } from './reporting-exporter.ts'

type Result = Parameters<Parameters<SpanExporter['export']>[1]>[0]

function deliver(results: readonly { readonly atMs: number; readonly result: Result }[]) {
  const warnings: string[] = []
  const received: Result[] = []
  let current = results[0]
  const exporter = reportFailures(
    {
      export: (_, done) => done(current?.result ?? { code: 1 }),
      shutdown: async () => {},
    },
    { warn: (line) => warnings.push(line), nowMs: () => current?.atMs ?? 0 },
  )
  for (current of results) exporter.export([], (result) => received.push(result))
  return { warnings, received }
}

const REFUSED: Result = { code: 1, error: new Error('connect ECONNREFUSED 127.0.0.1:4318') }

it('reports a failure once a minute, and passes every result on', () => {
  const results = [0, 59_999, 60_000].map((atMs) => ({ atMs, result: REFUSED }))
  const { warnings, received } = deliver(results)
  expect(warnings).toHaveLength(2)
  expect(warnings[0]).toBe(
    'the collector did not accept spans, which is reported once a minute: connect ECONNREFUSED 127.0.0.1:4318',
  )
  expect(received).toEqual([REFUSED, REFUSED, REFUSED])
})

it('reports nothing while the collector accepts spans', () => {
  expect(deliver([{ atMs: 0, result: { code: 0 } }]).warnings).toEqual([])
})

it('reports an error without a message by its code', () => {
  const error = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })
  expect(deliver([{ atMs: 0, result: { code: 1, error } }]).warnings[0]).toContain(
    'AggregateError ECONNREFUSED',
  )
})
