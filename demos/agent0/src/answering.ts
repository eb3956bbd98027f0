// Answers a user's sentence with the planner or a model, and stores the turn with its requests.
import type { Agent, LegEvent } from '@crosswalk/client'
import type { Backstage } from '@crosswalk/demo-kit'
import { withSpan } from '@crosswalk/tracing'

import { answerSentence } from './answer.ts'
import { type Chat, recall, remember, type Turn } from './chat.ts'
import { converse } from './converse.ts'
import type { LegRecorder } from './legs.ts'
import type { Model } from './model/model.ts'
import type { Product } from './planner.ts'
import { scrubText } from './scrub.ts'

export interface AnsweringParts {
  readonly agent: Agent
  readonly recorder: LegRecorder
  readonly servers: Readonly<Record<Product, string>>
  /** Absent if the planner answers by rules */
  readonly model?: Model
  /** Absent if only the wire shows what was decided */
  readonly backstage?: Backstage
}

/** Called while an answer is produced. */
export interface Progress {
  onText?(text: string): void
  onTool?(name: string): void
}

/** The OpenTelemetry semantic conventions for agents; never the sentence. */
const AGENT_SPAN = {
  attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'Agent0' },
}

export type Answering = (chat: Chat, sentence: string, progress?: Progress) => Promise<Turn>

export function createAnswering(parts: AnsweringParts): Answering {
  const { agent, recorder, servers, model, backstage } = parts
  return async (chat, sentence, progress = {}) => {
    const legs: LegEvent[] = []
    const session = agent.as(chat.signedIn.vault)
    const context = { session, servers, onFault: logFault, ...progress }
    const think = () =>
      model === undefined
        ? answerSentence(sentence, context)
        : converse(sentence, { ...context, model, history: recall(chat) })
    const answer = await recorder.record(legs, () => withSpan('invoke_agent Agent0', think, AGENT_SPAN))
    const decisions = await findDecisions(legs, backstage)
    const turn = { sentence: scrubText(sentence), answer, legs, decisions }
    remember(chat, turn)
    return turn
  }
}

/** A decision that cannot be looked up is omitted: the answer does not depend on it. */
export async function findDecisions(
  legs: readonly LegEvent[],
  backstage: Backstage | undefined,
): Promise<NonNullable<Turn['decisions']>> {
  if (backstage === undefined) return {}
  const ids = new Set(legs.flatMap(({ decisionId }) => (decisionId === undefined ? [] : [decisionId])))
  const found = await Promise.all(
    [...ids].map((id) => backstage.findDecision(id).catch((error: unknown) => logFault(error))),
  )
  return Object.fromEntries(found.flatMap((view) => (view === undefined ? [] : [[view.id, view]])))
}

/** Logs only the message: other properties of an error may contain more than a log should. */
export function logFault(error: unknown): undefined {
  console.error(
    `agent0: ${error instanceof Error ? `${error.name}: ${scrubText(error.message)}` : 'unknown fault'}`,
  )
}
