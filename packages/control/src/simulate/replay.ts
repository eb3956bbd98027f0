// Replays recorded exchanges with a draft of the definitions. The draft is checked as when it is applied, but not
// activated.
import { createReplayCollector, type ExchangeSnapshot, replayDecision } from '@crosswalk/policy'

import type { EvaluationParts } from '../evaluator/parts.ts'
import type { Users } from '../definitions/users/users.ts'
import type { Handlers } from '../http/context.ts'
import { isProblem, noIdentityProvider, type Problem } from '../http/problem.ts'
import { previewDraft } from './select-world.ts'
import { readDecisions, readUsers, recordReplay, renderSample, startSample } from './read-decisions.ts'
import { describeApp } from './simulated-exchange.ts'

type Input = Parameters<Handlers['replay']>[0]['body']

export function createReplayHandler(parts: EvaluationParts): Handlers['replay'] {
  return async ({ body }, context) => {
    const world = await draftWorld(parts, body)
    if (isProblem(world)) return world
    const collector = createReplayCollector(body.examples)
    const sample = startSample()
    for await (const records of readDecisions(parts, body, sample)) {
      const [current, draft] = await Promise.all([
        readSide(world.current, records),
        readSide(world.draft, records),
      ])
      const sides = { current, draft, describeApp: (id: string) => describeApp(parts, id) }
      for (const record of records) collector.add(record, replayDecision(record, sides))
    }
    const report = collector.report()
    await recordReplay(parts, context, { of: 'draft', decisions: report.decisions })
    return {
      status: 200,
      body: { schema: 'crosswalk.replay/v1', sample: renderSample(sample), ...report },
    }
  }
}

interface DraftSide {
  readonly snapshot: ExchangeSnapshot
  readonly users: Users
}

interface DraftWorld {
  readonly current: DraftSide
  readonly draft: DraftSide
}

async function draftWorld(parts: EvaluationParts, { document, prune }: Input): Promise<DraftWorld | Problem> {
  const draft = await previewDraft(parts, { document, prune, at: '/document' })
  if (isProblem(draft)) return draft
  const current = parts.directory.current()
  if (current.exchange === undefined || draft.exchange === undefined) return noIdentityProvider()
  return {
    current: { snapshot: current.exchange, users: current.users },
    draft: { snapshot: draft.exchange, users: draft.users },
  }
}

async function readSide(side: DraftSide, records: Parameters<typeof readUsers>[1]) {
  return { snapshot: side.snapshot, users: await readUsers(side, records) }
}
