// Which streams of security events exist, and who may manage them: those configured at resource apps, and those created
// by receivers. Pure.
import { chooseEvents, type EventStream, type StreamReceiver } from '@crosswalk/idp'

import { definitionsOf, type World } from '../definitions/records.ts'

const CONFIGURED = 'app:'

/** @returns whether a stream with this id is or was configured at a resource app */
export function isConfigured(id: string): boolean {
  return id.startsWith(CONFIGURED)
}

type Streams = Pick<World, 'resource-apps' | 'streams'>

/**
 * @returns one stream per authorization server and endpoint, with the id of the first resource app that configures it
 */
export function listStreams({ streams, 'resource-apps': resourceApps }: Streams): readonly EventStream[] {
  const configured = new Map<string, EventStream>()
  for (const { id, issuer, securityEvents } of definitionsOf(resourceApps)) {
    const { endpoint, events, receiver } = securityEvents ?? {}
    const place = JSON.stringify([issuer, endpoint])
    if (endpoint === undefined || configured.has(place)) continue
    configured.set(place, {
      id: CONFIGURED + id,
      audience: issuer,
      delivery: { method: 'push', endpoint },
      events: chooseEvents(events),
      status: 'enabled',
      ...(receiver === undefined ? {} : { receiver }),
      configured: true,
    })
  }
  const managed = [...streams.values()].filter(
    (stream) => stream.receiver !== undefined && mayReceive(resourceApps, stream.receiver, stream.audience),
  )
  return [...configured.values(), ...managed]
}

/** A stream ends once no resource app lists its receiver. */
function mayReceive(resourceApps: Streams['resource-apps'], app: string, audience: string): boolean {
  return listReceivers({ 'resource-apps': resourceApps }).some(
    (receiver) => receiver.app === app && receiver.audience === audience,
  )
}

export function listReceivers({ 'resource-apps': resourceApps }: Pick<Streams, 'resource-apps'>) {
  const receivers = new Map<string, StreamReceiver>()
  for (const { issuer, securityEvents } of definitionsOf(resourceApps)) {
    const app = securityEvents?.receiver
    if (app !== undefined) receivers.set(JSON.stringify([app, issuer]), { app, audience: issuer })
  }
  return [...receivers.values()]
}
