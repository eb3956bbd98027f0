// What the routes of the playground share.
import type { Clock } from '@crosswalk/as-core'
import type { GuardedSender } from '@crosswalk/lab'
import type { Context } from 'hono'

import type { Memory } from './memory.ts'
import type { Frame } from './pages/page.ts'
import type { Crossing } from './run.ts'
import type { Refused } from './run-actions.ts'

export interface PlaygroundParts extends Clock {
  /** Where it is served; requests for any other host are refused */
  readonly origin: string
  /** Where sign-in comes back to */
  readonly redirectUri: string
  /** Goes with every form */
  readonly formKey: string
  /** Who takes part by the options of the command */
  readonly given: Crossing | undefined
  readonly sender: GuardedSender
}

export interface Site {
  readonly parts: PlaygroundParts
  readonly memory: Memory
  frame(): Frame
  refuse(c: Context, refused: Refused): Promise<Response>
}
