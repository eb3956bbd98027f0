// Messages between the server and the thread that evaluates drafts; all of them can be cloned.
import type { Caller } from '../http/context.ts'
import type { Problem } from '../http/problem.ts'
import type { Configuration } from '../config-file/configuration.ts'
import type { World } from '../definitions/records.ts'

/** Routes that evaluate past definitions or caller input, at a cost the caller controls. */
export type EvaluatedRoute =
  | 'simulate'
  | 'simulate.matrix'
  | 'explain'
  | 'reach.who'
  | 'reach.what'
  | 'replay'
  | 'replay.report-only'
  | 'configuration.plan'
  | 'policies.test'
  | 'policies.test-kept'

export interface EvaluationSetup {
  readonly configuration: Configuration
  readonly digestKey: Uint8Array
}

export interface Evaluation {
  readonly route: EvaluatedRoute
  /** As validated by its route */
  readonly request: { readonly params: unknown; readonly query: unknown; readonly body: unknown }
  readonly context: {
    readonly caller: Caller
    readonly reason: string | undefined
    readonly ifMatch: string | undefined
    readonly ip: string | undefined
    readonly userAgent: string | undefined
    readonly overridesTests: boolean
  }
  readonly nowMs: number
  /** Undefined if unchanged since the last message */
  readonly world: World | undefined
}

/** Rendered in the thread, because copying and rendering a long reply would block other requests. */
export interface EvaluationReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** JSON text in UTF-8 */
  readonly body: Uint8Array<ArrayBuffer>
}

/** A call that only the server can handle. */
export interface RemoteCall {
  /** Such as `events.list` */
  readonly name: string
  readonly args: readonly unknown[]
}

export type ToEvaluator =
  | { readonly type: 'evaluate'; readonly evaluation: Evaluation }
  | { readonly type: 'returned'; readonly call: number; readonly value: unknown }
  | { readonly type: 'threw'; readonly call: number; readonly message: string }

export type FromEvaluator =
  | { readonly type: 'ready' }
  | { readonly type: 'call'; readonly call: number; readonly remote: RemoteCall }
  | { readonly type: 'answer'; readonly reply: EvaluationReply | Problem }
  | { readonly type: 'fault'; readonly message: string }

/** Persistent maps lose their class when they are cloned, so copy them into plain maps. */
export function copyWorld(world: World): World {
  return Object.fromEntries(
    Object.entries(world).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : new Map<string, unknown>(value as ReadonlyMap<string, unknown>),
    ]),
  ) as unknown as World
}
