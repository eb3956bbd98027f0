// The messages between the primary process and its workers.
import type { Configuration, FileProblem } from '@crosswalk/control'

export type ToWorker =
  | {
      readonly type: 'start'
      readonly configuration: Configuration
      /** Whether to bind before it is ready, because no other worker is serving yet */
      readonly first: boolean
    }
  | { readonly type: 'metrics'; readonly request: number; readonly text: string }

export type FromWorker =
  | { readonly type: 'ready'; readonly port: number }
  | {
      readonly type: 'failed'
      readonly message: string
      readonly fix: string
      readonly problems: readonly FileProblem[]
      readonly isMisuse: boolean
    }
  | { readonly type: 'metrics'; readonly request: number }
