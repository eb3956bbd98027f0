// What it is to break the flow on purpose: one thing is wrong, one place has to notice, and the same request without
// the fault has to pass, since a server that refuses everything proves nothing.
import type { LegEvent } from '@crosswalk/client'
import type { Act, Backstage } from '@crosswalk/demo-kit'
import type { XaaCode } from '@crosswalk/protocol'

import type { Credentials, Hand } from './hand.ts'
import type { Subject } from './subject.ts'

export interface Fault {
  readonly id: string
  /** On the button */
  readonly title: string
  /** What is wrong, in one sentence */
  readonly changed: string
  /** What would be lost if nobody noticed */
  readonly gain: string
  readonly expected: Expected
  /** @throws FaultUnavailable where it cannot be shown now, ControlFailed */
  play(stage: FaultStage): Promise<void>
}

/** Where the refusal has to come from, and with which word. */
export interface Expected {
  readonly leg: 'exchange' | 'redemption' | 'resource'
  readonly error: string
  /** Of the decision, where the developer may learn it */
  readonly codes?: readonly XaaCode[]
}

export interface FaultStage {
  readonly hand: Hand
  readonly subject: Subject
  readonly resources: FaultResources
  /** A second registration of the same developer at the vendor */
  readonly otherClient?: Credentials
  readonly backstage?: Backstage
  /** A request that has to pass: what was granted; @throws ControlFailed where it does not */
  control(what: string, sent: Promise<{ readonly leg: LegEvent; readonly token?: string }>): Promise<string>
  /** The request with the fault */
  broken(what: string, sent: Promise<{ readonly leg: LegEvent }>): Promise<void>
  /** Something the administrator does between requests, taken back at the end */
  act(what: string, act: Act): Promise<void>
}

export interface FaultResources {
  /** MCP server of Todo0 */
  readonly mcp: string
  /** Its REST API; a gateway has none */
  readonly api?: string
  /** MCP server of Notes0 */
  readonly notes: string
}
