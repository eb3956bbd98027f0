// The messages between the server and the threads that talk to the device.
import type { SignatureAlgorithm } from '@crosswalk/protocol'
import type { CreatedKey } from '@crosswalk/as-core'

export interface TokenSettings {
  /** Path of the shared library from the vendor of the device */
  readonly module: string
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
  /** Checks that the token is present and contains this key */
  | { readonly do: 'look'; readonly uri: string | undefined }
  /** Restarts the library, after every thread has ended its session */
  | { readonly do: 'restart' }
  /** Ends the session; the last one also finalizes the library */
  | { readonly do: 'end'; readonly last: boolean }

export type JobValue = CreatedKey | Uint8Array | undefined

/** `setup`: retrying does not help, and retrying a PIN locks the token. `device`: it may recover. */
export type TroubleKind = 'setup' | 'device'

export type Reply =
  | { readonly ok: true; readonly value: JobValue }
  | { readonly ok: false; readonly kind: TroubleKind; readonly what: string }
