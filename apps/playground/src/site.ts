// Shared by all routes of the playground.
import type { Clock } from '@crosswalk/as-core'
import type { GuardedSender } from '@crosswalk/lab'
import type { Context } from 'hono'

import type { Memory } from './memory.ts'
import type { Frame } from './pages/page.ts'
import type { Setup } from './run.ts'
import type { Refused } from './run-actions.ts'

export interface PlaygroundParts extends Clock {
  /** Its origin; requests for any other host are rejected */
  readonly origin: string
  readonly redirectUri: string
  /** Sent with every form */
  readonly formKey: string
  /** The parties given on the command line */
  readonly given: Setup | undefined
  readonly sender: GuardedSender
}

export interface Site {
  readonly parts: PlaygroundParts
  readonly memory: Memory
  frame(): Frame
  refuse(c: Context, refused: Refused): Promise<Response>
}
