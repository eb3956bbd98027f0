// Blocks, and the single check of whether one covers a request, shared by exchange, simulation and sign-in.
import type { EpochSeconds } from '@crosswalk/protocol'

import { hasEnded } from './moment.ts'

/** A standing prohibition. */
export interface Block {
  readonly id: string
  readonly kind: 'user' | 'app' | 'connection' | 'everything'
  /** Id of the blocked user, app or connection; `*` for everything */
  readonly target: string
  /** Id of the only user it applies to; absent: all users */
  readonly onlyFor?: string
  readonly until?: string
  readonly by: string
  readonly reason?: string
}

export interface BlockQuestion {
  readonly now: EpochSeconds
  readonly userId: string | undefined
  readonly appId: string | undefined
  /** The app that `appId` brings as the actor */
  readonly actorId?: string | undefined
  readonly connectionId?: string | undefined
}

/** @returns the first block that covers the request */
export function findBlock(blocks: readonly Block[], question: BlockQuestion): Block | undefined {
  return blocks.find((block) => covers(block, question))
}

/** A block on everything leaves sign-in open, so that an administrator can sign in and lift it. */
export function findSignInBlock(blocks: readonly Block[], question: BlockQuestion): Block | undefined {
  return blocks.find((block) => block.kind !== 'everything' && covers(block, question))
}

function covers(
  { kind, target, onlyFor, until }: Block,
  { now, userId, appId, actorId, connectionId }: BlockQuestion,
): boolean {
  if ((onlyFor !== undefined && onlyFor !== userId) || hasEnded(until, now)) return false
  switch (kind) {
    case 'user':
      return target === userId
    case 'app':
      return target === appId || target === actorId
    case 'connection':
      return target === connectionId
    case 'everything':
      return true
  }
}
