// What a flow is run with: both registrations of the app, what is asked for, and in the demo world who signs in.
import type { Registration } from './flow-parties.ts'
import type { EvaluatedUser } from './form-sign-in.ts'
import type { Oversight } from './read-record.ts'

/** A product of the demo world, reached over one connection. */
export interface DemoTarget {
  readonly id: string
  readonly resource: string
  readonly scope: string | undefined
  readonly connection: string
  /** A call that needs more than a token of this scope */
  readonly tooMuch: {
    readonly scope: string
    readonly tool: string
    readonly input: Record<string, unknown>
  }
}

export interface Settings {
  readonly idp: Registration
  readonly as: Registration
  readonly resource: string | undefined
  readonly scope: string | undefined
  readonly call: string | undefined
  /** Of the demo world: who signs in, and where the app would be */
  readonly user?: EvaluatedUser & { readonly redirectUri: string }
  /** Of the demo world: who else could, and what can be reached */
  readonly demo?: { readonly people: readonly EvaluatedUser[]; readonly targets: readonly DemoTarget[] }
  readonly explain?: Oversight
}
