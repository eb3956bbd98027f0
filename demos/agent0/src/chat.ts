// One user's conversation: what was asked and answered, and what went over the wire for it. In memory only.
import type { LegEvent } from '@crosswalk/client'
import { createFormToken, type DecisionView, type SignedIn } from '@crosswalk/demo-kit'

import type { Answer } from './answer.ts'
import type { BreakReport } from './break-it/break-flow.ts'
import type { Message } from './model/model.ts'

export interface Turn {
  readonly sentence: string
  readonly answer: Answer
  readonly legs: readonly LegEvent[]
  /** By id: what was decided about the requests, as far as Agent0 may know */
  readonly decisions?: Readonly<Record<string, DecisionView>>
  /** Where a button broke the flow */
  readonly report?: BreakReport
}

export interface Chat {
  readonly signedIn: SignedIn
  readonly formToken: string
  readonly turns: Turn[]
}

const MAX_TURNS = 50

/** @param before - the conversation of the same user, who signed in again: it goes on */
export function createChat(signedIn: SignedIn, before?: Chat): Chat {
  return { signedIn, formToken: createFormToken(), turns: [...(before?.turns ?? [])] }
}

export function remember(chat: Chat, turn: Turn): void {
  chat.turns.push(turn)
  chat.turns.splice(0, chat.turns.length - MAX_TURNS)
}

const MAX_HISTORY_TURNS = 10

/** What a model is told of the conversation so far: what was said, not what tools answered. */
export function recall({ turns }: Chat): readonly Message[] {
  return turns
    .filter(({ report }) => report === undefined)
    .slice(-MAX_HISTORY_TURNS)
    .flatMap(({ sentence, answer }): readonly Message[] => [
      { role: 'user', text: sentence },
      { role: 'assistant', text: answer.text, calls: [] },
    ])
}
