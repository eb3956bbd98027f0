// What the server and the threads that talk to the device say to each other.
import type { SignatureAlgorithm } from '@crosswalk/protocol'
import type { CreatedKey } from '@crosswalk/as-core'

export interface TokenSettings {
  /** Path of the shared library that the maker of the device provides */
  readonly module: string
  /** Label of the token */
  readonly token: string
  readonly pin: string
}

export type Job =
  | { readonly do: 'create'; readonly algorithm: SignatureAlgorithm; readonly label: string }
  | {
      readonly do: 'sign'
      readonly uri: string
      readonly algorithm: SignatureAlgorithm
      readonly data: Uint8Array
    }
  | { readonly do: 'discard'; readonly uri: string }
  /** Whether the token is there, and this key in it */
  | { readonly do: 'look'; readonly uri: string | undefined }
  /** Makes the library start again; after every thread has ended its session */
  | { readonly do: 'restart' }
  /** Ends the session; the last one ends the library, too */
  | { readonly do: 'end'; readonly last: boolean }

export type JobValue = CreatedKey | Uint8Array | undefined

/** `setup`: no trying again helps, and trying a PIN again locks the token. `device`: it may be back later. */
export type TroubleKind = 'setup' | 'device'

export type Reply =
  | { readonly ok: true; readonly value: JobValue }
  | { readonly ok: false; readonly kind: TroubleKind; readonly what: string }
