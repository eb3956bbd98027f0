// The security events of an act, to be written together with it.
import type { Clock, OutgoingSecurityEvent, Sealing } from '@crosswalk/as-core'
import { createPairwise } from '@crosswalk/idp/definitions'

import type { Directory } from '../definitions/directory.ts'
import { listStreams } from './list-streams.ts'
import { type Signal, buildStreamEvents } from './signal.ts'

export interface Signals {
  /** @returns the security events for every stream; none if no IdP runs here */
  buildEvents(signals: readonly Signal[]): readonly OutgoingSecurityEvent[]
}

export interface SignalsPart {
  /** Builds the security events for an act */
  readonly signals: Signals
}

export function createSignals({
  directory,
  sealing,
  clock,
  issuer,
}: {
  readonly directory: Pick<Directory, 'current'>
  readonly sealing: Pick<Sealing, 'keyedDigest'>
  readonly clock: Clock
  /** The IdP's issuer identifier; undefined if none runs here */
  readonly issuer: string | undefined
}): Signals {
  const pairwise = createPairwise(sealing)
  return {
    buildEvents(signals) {
      const { world } = directory.current()
      const streams = issuer === undefined ? [] : listStreams(world)
      if (streams.length === 0 || issuer === undefined) return []
      const nowMs = clock.nowMs()
      return signals.flatMap((signal) =>
        buildStreamEvents(signal, { world, streams, issuer, pairwise, nowMs }),
      )
    },
  }
}
