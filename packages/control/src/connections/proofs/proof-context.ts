// What the parts of a proof share, and the two places where they record its state.
import type { Proof } from '@crosswalk/admin-api'
import type { Clock, Sealing } from '@crosswalk/as-core'
import type { Idp } from '@crosswalk/idp'
import type { Storage } from '@crosswalk/storage'

import { recordAdminEvent } from '../../audit/change-event.ts'
import type { AdminContext } from '../../http/context.ts'
import type { ProofFetch } from './proof-fetch.ts'
import type { ProofRun, ProofStore } from './proof-store.ts'

export interface ProofParts {
  /** Where the browser returns; registered at the identity provider */
  readonly redirectUri: string
  /** Our identity provider's issuer identifier */
  readonly issuer: string
  readonly baseUrl: string
  readonly signIn: Pick<Idp['signIn'], 'metadata' | 'endTrial'>
  readonly storage: Pick<Storage, 'signIn' | 'ledger'>
  readonly sealing: Sealing
  readonly clock: Clock
  onFault(fault: unknown, reference: string): void
}

export interface ProofContext extends ProofParts {
  readonly store: ProofStore
  readonly fetch: ProofFetch['fetch']
}

export async function updateProof(
  id: string,
  { store }: Pick<ProofContext, 'store'>,
  change: Partial<Proof>,
): Promise<void> {
  const proof = await store.find(id)
  if (proof !== undefined) await store.save({ ...proof, ...change })
}

export function fromNow({ clock }: Pick<ProofContext, 'clock'>, seconds: number): string {
  return new Date(clock.nowMs() + seconds * 1000).toISOString()
}

export async function recordProof(
  parts: Pick<ProofContext, 'storage' | 'clock'>,
  context: AdminContext,
  { connection }: ProofRun,
  what: 'proof_started' | 'proof_finished',
  change: Readonly<Record<string, unknown>>,
): Promise<void> {
  await recordAdminEvent(parts, context, {
    type: `connection.${what}`,
    category: 'connection',
    target: { kind: 'connection', id: connection },
    change,
  })
}
