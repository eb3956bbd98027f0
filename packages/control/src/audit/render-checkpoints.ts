// The document of checkpoints that the admin API returns and a pack contains: what an auditor keeps elsewhere.
import type { Checkpoint } from '@crosswalk/storage'

import type { CheckpointSeal } from './delivery/checkpoint-seal.ts'

export function renderCheckpoints(
  checkpoints: readonly Checkpoint[],
  { publicJwk }: Pick<CheckpointSeal, 'publicJwk'>,
) {
  const items = checkpoints.map((it) => ({ ...it, time: new Date(it.time).toISOString() }))
  return { items, publicKey: { ...publicJwk } }
}
