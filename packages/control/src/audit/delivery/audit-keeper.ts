// Maintains the audit logs while a server runs: seals their heads, and removes events past their retention.
import { type Clock, createRounds, type Sealing } from '@crosswalk/as-core'
import type { Storage } from '@crosswalk/storage'

import type { Configuration } from '../../config-file/configuration.ts'
import type { RunningStreams } from './audit-streams.ts'
import { createCheckpointFile } from './checkpoint-file.ts'
import { type CheckpointSeal, createCheckpointSeal } from './checkpoint-seal.ts'
import { retain } from './retain.ts'
import { sealHeads } from './seal-heads.ts'
import { createSerialQueue } from '../../parts.ts'

const RETENTION_INTERVAL_MS = 600_000

export interface AuditKeeper {
  readonly seal: CheckpointSeal
  /** Seals the heads that have moved */
  sealNow(): Promise<void>
  /** Removes events past their retention. @returns how many, by log */
  retainNow(): Promise<ReadonlyMap<string, number>>
  /** Seals once more, then ends. */
  close(): Promise<void>
}

export interface AuditKeeperPart {
  readonly auditKeeper: AuditKeeper
}

export interface AuditKeeperParts {
  readonly configuration: Pick<Configuration, 'audit'>
  readonly storage: Storage
  readonly sealing: Sealing
  readonly clock: Clock
  readonly streams: RunningStreams
  onFault(fault: unknown, reference: string): void
}

export function createAuditKeeper(parts: AuditKeeperParts): AuditKeeper {
  const { configuration, storage, sealing, clock, streams, onFault } = parts
  const { checkpoints, retentionDays } = configuration.audit
  const seal = createCheckpointSeal(sealing)
  const file = checkpoints.file === undefined ? undefined : createCheckpointFile(checkpoints.file, seal)
  const heads = { storage, seal, clock, file, broken: new Set<string>() }
  let retaining: ReturnType<typeof retain> | undefined
  let closing = false
  /** Serialised: a head must not be sealed while the events before it are cut. */
  const inTurn = createSerialQueue()
  const sealNow = () => inTurn(() => sealHeads(heads))
  const removal = { storage, streams, seal, clock, retentionDays, inTurn, isClosing: () => closing }
  const retainNow = () => {
    // Reading a month takes minutes, and heads continue to be sealed.
    retaining ??= retain(removal).finally(() => (retaining = undefined))
    return retaining
  }
  const report = (fault: unknown) => onFault(fault, 'audit')
  const rounds = [
    createRounds(sealNow, { everyMs: checkpoints.everySeconds * 1000, onFault: report }),
    ...(retentionDays === undefined
      ? []
      : [createRounds(retainNow, { everyMs: RETENTION_INTERVAL_MS, onFault: report })]),
  ]
  return {
    seal,
    sealNow,
    retainNow,
    async close() {
      closing = true
      await Promise.all(rounds.map((it) => it.close()))
      await retaining?.catch(() => undefined)
      await sealNow().catch(report)
    },
  }
}
