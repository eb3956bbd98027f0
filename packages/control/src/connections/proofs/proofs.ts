// Proofs of connections from the console: an administrator signs in at our own identity provider as one of the
// connection's users and returns with an authorization code for the app. From there on, the exchange is what the app
// itself would do.
import type { Proof } from '@crosswalk/admin-api'

import type { AdminContext } from '../../http/context.ts'
import { beginProof, type BegunProof, type ProofSetup } from './begin-proof.ts'
import { createProofFetch } from './proof-fetch.ts'
import type { ProofParts } from './proof-context.ts'
import { createProofStore } from './proof-store.ts'
import { type ProofReturn, type ReturnedBrowser, finishProof } from './finish-proof.ts'

export interface Proofs {
  begin(wanted: ProofSetup, context: AdminContext): Promise<BegunProof>
  find(id: string): Promise<Proof | undefined>
  finish(browser: ReturnedBrowser): Promise<ProofReturn>
  close(): Promise<void>
}

export interface ProofsPart {
  /** Undefined if no identity provider runs here */
  readonly proofs: Proofs | undefined
}

export function createProofs(parts: ProofParts): Proofs {
  const store = createProofStore({ ...parts, store: parts.storage.signIn })
  const { fetch, close } = createProofFetch([parts.baseUrl, parts.issuer])
  const shared = { ...parts, store, fetch }
  return {
    begin: (wanted, context) => beginProof(wanted, context, shared),
    find: (id) => store.find(id),
    finish: (browser) => finishProof(browser, shared),
    close,
  }
}
