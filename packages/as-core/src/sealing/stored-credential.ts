// Seals credentials of other services for the vault: bound to their id, so that no content opens under another id.
import type { RingSealing } from './key-ring.ts'
import type { Sealing } from './sealing.ts'

const LABEL = 'stored-credential'

export function sealCredential(sealing: Pick<Sealing, 'seal'>, id: string, content: unknown): string {
  return sealing.seal(LABEL, id, JSON.stringify(content))
}

/** @throws Error if it was sealed for another id or changed since */
export function openCredential(sealing: Pick<Sealing, 'open'>, id: string, sealed: string): unknown {
  return JSON.parse(sealing.open(LABEL, id, sealed))
}

/** @returns the same credential under the current master key */
export function resealCredential(sealing: Pick<RingSealing, 'reseal'>, id: string, sealed: string): string {
  return sealing.reseal(LABEL, id, sealed)
}
