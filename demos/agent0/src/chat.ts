// One user's conversation: sentences, answers and their requests. Kept in memory only.
import type { LegEvent } from '@crosswalk/client'
import { createFormToken, type DecisionView, type SignedIn } from '@crosswalk/demo-kit'

import type { Answer } from './answer.ts'
import type { BreakReport } from './break-it/break-flow.ts'
import type { Message } from './model/model.ts'

export interface Turn {
  readonly sentence: string
  readonly answer: Answer
  readonly legs: readonly LegEvent[]
  /** By id: the decisions about the requests, as far as Agent0 may see them */
  readonly decisions?: Readonly<Record<string, DecisionView>>
  /** The report, if a button broke the flow */
  readonly report?: BreakReport
}

export interface Chat {
  readonly signedIn: SignedIn
  readonly formToken: string
  readonly turns: Turn[]
}

const MAX_TURNS = 50

/** @param before - the conversation of the same user before signing in again, which continues */
export function createChat(signedIn: SignedIn, before?: Chat): Chat {
  return { signedIn, formToken: createFormToken(), turns: [...(before?.turns ?? [])] }
}

export function remember(chat: Chat, turn: Turn): void {
  chat.turns.push(turn)
  chat.turns.splice(0, chat.turns.length - MAX_TURNS)
}

const MAX_HISTORY_TURNS = 10

/** The history for a model: the messages, without the results of tools. */
export function recall({ turns }: Chat): readonly Message[] {
  return turns
    .filter(({ report }) => report === undefined)
    .slice(-MAX_HISTORY_TURNS)
    .flatMap(({ sentence, answer }): readonly Message[] => [
      { role: 'user', text: sentence },
      { role: 'assistant', text: answer.text, calls: [] },
    ])
}
