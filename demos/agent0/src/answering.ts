// One sentence of one person: answered by the planner or by a model, and remembered with what went over the wire.
import type { Agent, LegEvent } from '@crosswalk/client'

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
  /** MCP servers */
  readonly servers: Readonly<Record<Product, string>>
  /** Absent: the planner answers by rules */
  readonly model?: Model
}

/** Told of an answer while it is made. */
export interface Progress {
  onText?(text: string): void
  onTool?(name: string): void
}

export type Answering = (chat: Chat, sentence: string, progress?: Progress) => Promise<Turn>

export function createAnswering({ agent, recorder, servers, model }: AnsweringParts): Answering {
  return async (chat, sentence, progress = {}) => {
    const legs: LegEvent[] = []
    const session = agent.as(chat.signedIn.vault)
    const context = { session, servers, onFault: logFault, ...progress }
    const answer = await recorder.record(legs, () =>
      model === undefined
        ? answerSentence(sentence, context)
        : converse(sentence, { ...context, model, history: recall(chat) }),
    )
    const turn = { sentence: scrubText(sentence), answer, legs }
    remember(chat, turn)
    return turn
  }
}

/** The message alone: what an error carries besides may hold more than a log should. */
function logFault(error: unknown): void {
  console.error(
    `agent0: ${error instanceof Error ? `${error.name}: ${scrubText(error.message)}` : 'unknown fault'}`,
  )
}
