// The security events of an act or a change, to be written together with it.
import type { Clock, OutgoingSecurityEvent, Sealing } from '@crosswalk/as-core'
import { createPairwise } from '@crosswalk/idp/definitions'

import type { Directory } from '../definitions/directory.ts'
import { listStreams } from './list-streams.ts'
import { type Signal, buildStreamEvents } from './signal.ts'
import { type ObservedChange, signalsOfChange } from './signals-of-change.ts'
import { signalsOfLostAssignment } from './signals-of-lost-assignment.ts'

export interface Signals {
  /** @returns the security events for every stream; none if no IdP runs here */
  buildEvents(signals: readonly Signal[]): readonly OutgoingSecurityEvent[]
  /** The same for creating, changing or deleting objects in one transaction */
  buildEventsOfChanges(changes: readonly ObservedChange[]): Promise<readonly OutgoingSecurityEvent[]>
}

export interface SignalsPart {
  /** Builds the security events for an act or a change */
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
  const findStreams = () => (issuer === undefined ? [] : listStreams(directory.current().world))

  function buildEvents(signals: readonly Signal[]): readonly OutgoingSecurityEvent[] {
    const streams = findStreams()
    if (streams.length === 0 || issuer === undefined) return []
    const { world } = directory.current()
    const nowMs = clock.nowMs()
    return signals.flatMap((signal) => buildStreamEvents(signal, { world, streams, issuer, pairwise, nowMs }))
  }

  return {
    buildEvents,
    async buildEventsOfChanges(changes) {
      // Who lost an assignment is looked up only for streams.
      if (findStreams().length === 0) return []
      const compiled = directory.current()
      const own = await Promise.all(changes.map((change) => signalsOfChange(change, compiled)))
      return buildEvents([...own.flat(), ...(await signalsOfLostAssignment(changes, compiled))])
    },
  }
}
