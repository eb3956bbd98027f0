// Security events of the IdP: the transmitter, and the endpoints where receivers find and manage their streams (OpenID
// Shared Signals Framework 1.0). Only connects the parts.
import {
  type Clock,
  type ClientObserver,
  createDocument,
  createRateLimit,
  type Endpoint,
  isLoopbackHost,
  type GuardedPost,
  type SecurityEventOutbox,
} from '@crosswalk/as-core'
import { DELIVERY_METHOD } from '@crosswalk/protocol'

import { createPoll } from './poll.ts'
import { createReceiverEndpoint, type ReceiverHandler, slowDown } from './receiver-endpoint.ts'
import { chooseSubject, manageStatus, manageStreams, verifyStream } from './stream-management.ts'
import type { EventStreams } from './streams.ts'
import { createTransmitter, type Transmitter, type TransmitterParts } from './transmitter.ts'

export interface SecurityEventPorts {
  readonly outbox: SecurityEventOutbox
  readonly streams: EventStreams
  readonly post: GuardedPost
  /** From 0 up to, but not including, 1 */
  random(): number
}

export interface SecurityEventsParts
  extends SecurityEventPorts, Pick<TransmitterParts, 'signer' | 'onFault'> {
  readonly clock: Clock
  readonly issuer: string
  readonly baseUrl: string
  readonly clients: ClientObserver
  /** Whether an app is inactive, suspended or blocked: its secret may be in wrong hands */
  isStopped(app: string): boolean
  readonly sealing: TransmitterParts['sealing'] & {
    seal(label: string, context: string, plaintext: string): string
  }
}

export interface SecurityEvents {
  readonly routes: ReadonlyMap<string, Endpoint>
  readonly transmitter: Transmitter
}

const VERIFICATIONS_PER_MINUTE = 30
/** Per receiver: each is stored and recorded for good, and every process reads the definitions again. */
const CHANGES_PER_MINUTE = 60
/** SSF 1.0 section 7.1: how receivers authenticate, by the URN of the specification. */
const BASIC_AUTHENTICATION = 'urn:ietf:rfc:7617'

export function createSecurityEvents(parts: SecurityEventsParts): SecurityEvents {
  const { issuer, baseUrl, streams } = parts
  const at = (name: string) => `${baseUrl}/ssf/${name}`
  const management = {
    ...parts,
    pollEndpoint: (id: string) => `${at('poll')}?stream_id=${encodeURIComponent(id)}`,
    verifications: createRateLimit(VERIFICATIONS_PER_MINUTE, {
      clock: parts.clock,
      scope: 'verifications',
    }),
    allowLoopback: isLoopbackHost(new URL(baseUrl).hostname),
  }
  const shell = {
    ...parts,
    audiencesOf: (app: string) =>
      parts.isStopped(app)
        ? []
        : streams.receivers().flatMap((receiver) => (receiver.app === app ? [receiver.audience] : [])),
  }
  const endpoint = (methods: readonly string[], handle: ReceiverHandler) =>
    createReceiverEndpoint(methods, shell, handle)
  const changeLimit = createRateLimit(CHANGES_PER_MINUTE, { clock: parts.clock, scope: 'stream-changes' })
  const changes = (methods: readonly string[], handle: ReceiverHandler) =>
    endpoint(methods, async (request) => {
      if (request.method === 'GET') return handle(request)
      const waitSeconds = changeLimit?.count(request.app)
      return waitSeconds === undefined ? streams.change(() => handle(request)) : slowDown(waitSeconds)
    })
  const issuerPath = new URL(issuer).pathname.replace(/\/$/, '')
  return {
    transmitter: createTransmitter({ ...parts, streams: () => streams.current() }),
    routes: new Map([
      [`/.well-known/ssf-configuration${issuerPath}`, createDocument(() => buildTransmitterMetadata(parts))],
      [
        '/ssf/streams',
        changes(['GET', 'POST', 'PATCH', 'PUT', 'DELETE'], (it) => manageStreams(it, management)),
      ],
      ['/ssf/status', changes(['GET', 'POST'], (it) => manageStatus(it, management))],
      ['/ssf/subjects/add', changes(['POST'], (it) => chooseSubject(it, true, management))],
      ['/ssf/subjects/remove', changes(['POST'], (it) => chooseSubject(it, false, management))],
      ['/ssf/verify', endpoint(['POST'], (it) => verifyStream(it, management))],
      ['/ssf/poll', endpoint(['POST'], createPoll(parts))],
    ]),
  }
}

/** @see SSF 1.0 section 7.1 */
export function buildTransmitterMetadata({
  issuer,
  baseUrl,
}: Pick<SecurityEventsParts, 'issuer' | 'baseUrl'>): Readonly<Record<string, unknown>> {
  const at = (name: string) => `${baseUrl}/ssf/${name}`
  return {
    spec_version: '1_0',
    issuer,
    jwks_uri: `${baseUrl}/jwks`,
    delivery_methods_supported: Object.values(DELIVERY_METHOD),
    configuration_endpoint: at('streams'),
    status_endpoint: at('status'),
    add_subject_endpoint: at('subjects/add'),
    remove_subject_endpoint: at('subjects/remove'),
    verification_endpoint: at('verify'),
    authorization_schemes: [{ spec_urn: BASIC_AUTHENTICATION }],
    default_subjects: 'ALL',
  }
}
