// The effect of each report-only policy on recorded exchanges, found in one pass.
import { createReportOnlyReplay } from '@crosswalk/policy'

import type { EvaluationParts } from '../evaluator/parts.ts'
import type { Handlers } from '../http/context.ts'
import { noIdentityProvider } from '../http/problem.ts'
import { readDecisions, readUsers, recordReplay, renderSample, startSample } from './read-decisions.ts'
import { describeApp } from './simulated-exchange.ts'

export function createReportOnlyHandler(parts: EvaluationParts): Handlers['replay.report-only'] {
  return async ({ body }, context) => {
    const { exchange: snapshot, users } = parts.directory.current()
    if (snapshot === undefined) return noIdentityProvider()
    const replay = createReportOnlyReplay({
      snapshot,
      describeApp: (id) => describeApp(parts, id),
      mostExamples: body.examples,
    })
    const sample = startSample()
    let decisions = 0
    for await (const records of readDecisions(parts, body, sample)) {
      const found = await readUsers({ snapshot, users }, records)
      for (const record of records) replay.add(record, found)
      decisions += records.length
    }
    await recordReplay(parts, context, { of: 'report-only', decisions })
    return {
      status: 200,
      body: {
        schema: 'crosswalk.report-only/v1',
        sample: renderSample(sample),
        policies: [...replay.reports()].map(([policy, report]) => ({ policy, ...report })),
      },
    }
  }
}
