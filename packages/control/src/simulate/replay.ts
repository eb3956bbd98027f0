// Replays recorded exchanges with a draft of the definitions. The draft is checked as when it is applied, but not
// activated. Each replay is recorded.
import { toEpochMs } from '@crosswalk/admin-api'
import {
  createReplayCollector,
  type ExchangeSnapshot,
  replayDecision,
  type ReplayWorld,
} from '@crosswalk/policy'
import type { AppDefinition, DecisionRecord } from '@crosswalk/protocol'

import type { EvaluationParts } from '../aside/parts.ts'
import { recordAdminEvent } from '../audit/change-event.ts'
import type { Users } from '../definitions/users/users.ts'
import type { AdminContext, Handlers } from '../http/context.ts'
import { previewDraft } from './other-world.ts'
import { buildProblem, isProblem, type Problem } from '../http/problem.ts'
import { describeApp } from './simulated-exchange.ts'

type Input = Parameters<Handlers['replay']>[0]['body']

const TYPES = ['idjag.issued', 'idjag.denied', 'idjag.stepup']
const PAGE = 500

export function createReplayHandler(parts: EvaluationParts): Handlers['replay'] {
  return async ({ body }, context) => {
    const world = await draftWorld(parts, body)
    if (isProblem(world)) return world
    const collector = createReplayCollector(body.examples)
    const sample: Sample = { newest: undefined, oldest: undefined, complete: true }
    for await (const record of readDecisions(parts, body, sample))
      collector.add(record, replayDecision(record, await readSides(world, record)))
    const report = collector.report()
    await note(parts, context, report.decisions)
    const { complete, newest, oldest } = sample
    return {
      status: 200,
      body: {
        schema: 'crosswalk.replay/v1',
        sample: { complete, since: oldest ?? null, until: newest ?? null },
        ...report,
      },
    }
  }
}

async function draftWorld(parts: EvaluationParts, { document, prune }: Input): Promise<DraftWorld | Problem> {
  const draft = await previewDraft(parts, { document, prune, at: '/document' })
  if (isProblem(draft)) return draft
  const current = parts.directory.current()
  if (current.exchange === undefined || draft.exchange === undefined)
    return buildProblem('conflict', { detail: 'This server runs no identity provider.' })
  return {
    current: { snapshot: current.exchange, users: current.users },
    draft: { snapshot: draft.exchange, users: draft.users },
    describeApp: (id) => describeApp(parts, id),
  }
}

/** The worlds with the user of one decision */
async function readSides(
  { current, draft, describeApp }: DraftWorld,
  { request: { subject } }: DecisionRecord,
): Promise<ReplayWorld> {
  const read = async ({ snapshot, users }: DraftSide) => ({
    snapshot,
    people: await users.findMany(subject?.ref === undefined ? [] : [subject.ref]),
  })
  return { current: await read(current), draft: await read(draft), describeApp }
}

interface DraftSide {
  readonly snapshot: ExchangeSnapshot
  readonly users: Users
}

interface DraftWorld {
  readonly current: DraftSide
  readonly draft: DraftSide
  describeApp(id: string): AppDefinition | undefined
}

interface Sample {
  newest: string | undefined
  oldest: string | undefined
  complete: boolean
}

/** Newest first, page by page, so that other requests get their turn in between. */
async function* readDecisions(
  { storage }: EvaluationParts,
  { since, until, limit }: Input,
  sample: Sample,
): AsyncGenerator<DecisionRecord> {
  let left = limit
  let cursor: string | undefined
  do {
    const page = await storage.events.list({
      types: TYPES,
      limit: Math.min(PAGE, left),
      ...(since === undefined ? {} : { since: toEpochMs(since) }),
      ...(until === undefined ? {} : { until: toEpochMs(until) }),
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const { event } of page.items) {
      left -= 1
      sample.newest ??= event.time
      sample.oldest = event.time
      if (event.decision !== undefined) yield event.decision
    }
    cursor = page.next
  } while (cursor !== undefined && left > 0)
  sample.complete = cursor === undefined
}

async function note(parts: EvaluationParts, context: AdminContext, decisions: number): Promise<void> {
  await recordAdminEvent(parts, context, {
    type: 'simulation.run',
    category: 'decision',
    severity: 'info',
    target: { kind: 'replay', id: 'draft' },
    change: { decisions },
  })
}
