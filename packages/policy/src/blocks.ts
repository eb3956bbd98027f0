// Standing refusals, and the one answer to whether one covers a request: for exchanges, simulation and sign-in alike.
import type { EpochSeconds } from '@crosswalk/protocol'

import { hasEnded } from './moment.ts'

/** A standing refusal. */
export interface Block {
  readonly id: string
  readonly kind: 'user' | 'app' | 'connection' | 'everything'
  /** The id of what is blocked; `*` for everything */
  readonly target: string
  /** Id of the one user it applies to; absent: it applies to all */
  readonly onlyFor?: string
  readonly until?: string
  readonly by: string
  readonly reason?: string
}

export interface BlockQuestion {
  readonly now: EpochSeconds
  readonly userId: string | undefined
  readonly appId: string | undefined
  readonly connectionId?: string | undefined
}

/** @returns the first block that covers it */
export function findBlock(blocks: readonly Block[], question: BlockQuestion): Block | undefined {
  return blocks.find((block) => covers(block, question))
}

/** A kill of everything leaves sign-in open, so that an administrator can sign in and lift it. */
export function findSignInBlock(blocks: readonly Block[], question: BlockQuestion): Block | undefined {
  return blocks.find((block) => block.kind !== 'everything' && covers(block, question))
}

function covers(
  { kind, target, onlyFor, until }: Block,
  { now, userId, appId, connectionId }: BlockQuestion,
): boolean {
  if ((onlyFor !== undefined && onlyFor !== userId) || hasEnded(until, now)) return false
  switch (kind) {
    case 'user':
      return target === userId
    case 'app':
      return target === appId
    case 'connection':
      return target === connectionId
    case 'everything':
      return true
  }
}
