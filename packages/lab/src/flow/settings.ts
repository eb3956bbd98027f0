// The settings of a flow: both registrations of the app, the request, and in the demo world the user who signs in.
import type { Registration } from './flow-parties.ts'
import type { EvaluatedUser } from './form-sign-in.ts'
import type { Oversight } from './read-record.ts'

/** A resource app of the demo world, reached over one connection. */
export interface DemoTarget {
  readonly id: string
  readonly resource: string
  readonly scope: string | undefined
  readonly connection: string
  /** A call that needs more than this scope */
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
  /** In the demo world: the user who signs in, and the app's redirect URI */
  readonly user?: EvaluatedUser & { readonly redirectUri: string }
  /** In the demo world: the available users and targets */
  readonly demo?: { readonly users: readonly EvaluatedUser[]; readonly targets: readonly DemoTarget[] }
  readonly explain?: Oversight
}
