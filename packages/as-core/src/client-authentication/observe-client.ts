// Observes the caller of a token request as a fact for the evaluator: parses and checks its credentials and applies the
// rate limit.
import {
  type ClientAuth,
  type ClientFact,
  type MaybePromise,
  mapMaybe,
  type XaaCode,
} from '@crosswalk/protocol'

import {
  authenticateClient,
  type ClientAuthentication,
  type FoundClient,
  registerClientAuth,
  type RegisteredClientAuth,
} from './authenticate-client.ts'
import {
  type ClientAuthRefusal,
  type ClientCredentials,
  parseClientCredentials,
} from './client-credentials.ts'
import type { ClientDocuments, DocumentRefusal } from '../client-documents/client-documents.ts'
import { decodeCompactJws } from '../jws/compact-jws.ts'
import type { ReplayKey } from '../ports.ts'
import type { RateLimit } from '../rate-limit.ts'
import type { TokenRequest } from '../token-endpoint.ts'

export interface ClientObservation {
  readonly fact: ClientFact
  /** Replay keys to consume with the grant: the client assertion, if any */
  readonly replayKeys: readonly ReplayKey[]
  /** Set if the client exceeds its rate limit, its secret is being guessed, or its keys cannot be fetched now */
  readonly retryAfterSeconds?: number | undefined
}

export interface ClientObserver {
  /** The fact for a client whose assertion was already used */
  readonly usedAssertion: ClientFact
  /** Returns a promise only if a key or document must be fetched */
  observe(
    request: Pick<TokenRequest, 'form' | 'headers' | 'receivedAtMs' | 'ip'>,
  ): MaybePromise<ClientObservation>
}

export interface ClientObserverParts extends Pick<
  ClientAuthentication,
  'hasher' | 'guesses' | 'keys' | 'issuer' | 'clockSkewSeconds' | 'exactMethod'
> {
  /** The current registration; undefined for an unknown client */
  find(clientId: string): { readonly auth: ClientAuth } | undefined
  /** Clients that publish their metadata; consulted if no client is registered under the id */
  readonly documents?: ClientDocuments | undefined
  readonly rateLimit: RateLimit | undefined
  /** Maps a refusal to this server's code; both servers use the same words */
  readonly codeOf: (code: ClientAuthRefusal['code']) => XaaCode
}

export function createClientObserver(parts: ClientObserverParts): ClientObserver {
  const { find, documents, rateLimit, codeOf, ...authentication } = parts
  const hashed = new WeakMap<ClientAuth, RegisteredClientAuth>()

  async function findDescribed(clientId: string, lookup: DocumentLookup): Promise<FoundClient | undefined> {
    const described = await documents?.find(clientId)
    if (described?.accepted === false) lookup.refusal = described.refusal
    return described?.accepted === true ? { auth: described.value.auth } : undefined
  }

  function findClient(clientId: string, lookup: DocumentLookup): MaybePromise<FoundClient | undefined> {
    const auth = find(clientId)?.auth
    if (auth === undefined) return documents === undefined ? undefined : findDescribed(clientId, lookup)
    const known = hashed.get(auth)
    if (known !== undefined) return { auth: known }
    const registered = registerClientAuth(auth, parts.hasher)
    hashed.set(auth, registered)
    return { auth: registered }
  }

  const refuse = (
    { code, detail, expected, retryAfterSeconds }: ClientAuthRefusal,
    clientId?: string,
  ): ClientObservation => ({
    fact: { state: 'refused', code: codeOf(code), detail, expected, clientId },
    replayKeys: [],
    retryAfterSeconds,
  })

  return {
    usedAssertion: { state: 'refused', code: codeOf('XAA1102'), detail: 'client assertion already used' },
    observe({ form, headers, receivedAtMs, ip }) {
      const credentials = parseClientCredentials({ authorization: headers.get('authorization'), form })
      if (!credentials.accepted) return refuse(credentials.refusal)
      const lookup: DocumentLookup = {}
      const request = {
        ...authentication,
        credentials: credentials.value,
        find: (clientId: string) => findClient(clientId, lookup),
        now: receivedAtMs / 1000,
        ip,
        allowPublic: true,
      }
      return mapMaybe(authenticateClient(request), (client): ClientObservation => {
        if (!client.accepted) {
          const clientId = nameClient(credentials.value)
          // A record names the client only if it exists; arbitrary input is not worth storing.
          const known = find(clientId ?? '') !== undefined || documents?.peek(clientId ?? '') !== undefined
          return refuse(explain(client.refusal, lookup), known ? clientId : undefined)
        }
        const { clientId, method, kid, replayKeys } = client.value
        const fact = { state: 'authenticated', clientId, method, kid } as const
        return { fact, replayKeys, retryAfterSeconds: rateLimit?.count(clientId) }
      })
    },
  }
}

/** The client that the request is from, as it says; an assertion names it too (RFC 7523 section 3) */
function nameClient({ clientId, ...credentials }: ClientCredentials): string | undefined {
  if (clientId !== undefined || !('assertion' in credentials)) return clientId
  const decoded = decodeCompactJws(credentials.assertion)
  const sub = decoded.accepted ? decoded.value.claims.sub : undefined
  return typeof sub === 'string' ? sub : undefined
}

interface DocumentLookup {
  /** Set if the client is allowed and its document is unusable */
  refusal?: DocumentRefusal
}

/** Without its document, an allowed client is unknown, or temporarily so; the record states the problem. */
function explain(refusal: ClientAuthRefusal, { refusal: ofDocument }: DocumentLookup): ClientAuthRefusal {
  if (ofDocument === undefined) return refusal
  const detail = `client metadata document: ${ofDocument.problem}`
  return ofDocument.isTemporary ? { code: 'XAA1106', detail } : { ...refusal, detail }
}
