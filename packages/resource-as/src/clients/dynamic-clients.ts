// Self-registered clients (RFC 7591), without a secret, whose redirect URIs an administrator allows. The registration
// is sealed in the client_id, so strangers cannot fill a table, and nothing needs to be cleaned up.
import { type Clock, parseStrictJsonObject, type Sealing } from '@crosswalk/as-core'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import {
  accept,
  GRANT_TYPE,
  isAllowedRedirect,
  isDisplayName,
  readAtMost,
  refuse,
  type ResourceClientDefinition,
  type Result,
} from '@crosswalk/protocol'

export interface DynamicClients {
  /** @returns the client of a client_id issued here, while its redirect URIs are allowed */
  find(clientId: string): ResourceClientDefinition | undefined
  /** Handles the registration endpoint. */
  register(request: Request): Promise<Response>
}

export interface DynamicClientsParts {
  readonly sealing: Sealing
  readonly clock: Clock
  snapshot(): RedemptionSnapshot
}

interface Registration {
  readonly name: string
  readonly redirectUris: readonly string[]
}

const LABEL = 'client-registration'
const PREFIX = 'dyn-'
const MAX_BODY_BYTES = 8192
/** The limit of client ids everywhere in this server. */
const MAX_ID_LENGTH = 512
const MAX_NAME_LENGTH = 64
const MAX_REDIRECT_URIS = 5
const PUBLIC = { method: 'none' } as const

/** Strangers may choose any name, so the page that shows it also shows where the app redirects. */
const NO_NAME = 'An app that registered itself'

export function createDynamicClients(parts: DynamicClientsParts): DynamicClients {
  const { sealing, clock, snapshot } = parts
  const allowed = (): readonly string[] =>
    snapshot().definition.authorizationCode?.dynamicRegistration?.redirects ?? []

  return {
    find(clientId) {
      if (!clientId.startsWith(PREFIX) || clientId.length > MAX_ID_LENGTH) return undefined
      const registration = open(clientId, parts)
      const stands = registration?.redirectUris.every((uri) => isAllowedRedirect(uri, allowed()))
      return registration !== undefined && stands === true ? describe(clientId, registration) : undefined
    },
    async register(request) {
      const read = await readRegistration(request, allowed())
      if (!read.accepted) return respond(400, { ...read.refusal })
      const { name, redirectUris } = read.value
      const sealed = sealing.seal(LABEL, snapshot().id, JSON.stringify([name, ...redirectUris]))
      const clientId = PREFIX + sealed
      if (clientId.length > MAX_ID_LENGTH)
        return respond(400, {
          error: 'invalid_client_metadata',
          error_description: 'name and redirect_uris are too long',
        })
      return respond(201, {
        client_id: clientId,
        client_id_issued_at: Math.floor(clock.nowMs() / 1000),
        client_name: name,
        redirect_uris: redirectUris,
        grant_types: [GRANT_TYPE.authorizationCode],
        response_types: ['code'],
        token_endpoint_auth_method: PUBLIC.method,
      })
    },
  }
}

/** One client has one id: another encoding of the same bytes would evade rules about that id. */
function isCanonical(clientId: string): boolean {
  const body = clientId.slice(clientId.lastIndexOf('.') + 1)
  return Buffer.from(body, 'base64url').toString('base64url') === body
}

function open(clientId: string, { sealing, snapshot }: DynamicClientsParts): Registration | undefined {
  if (!isCanonical(clientId)) return undefined
  try {
    const text = sealing.open(LABEL, snapshot().id, clientId.slice(PREFIX.length))
    const [name = '', ...redirectUris] = JSON.parse(text) as string[]
    return { name, redirectUris }
  } catch {
    return undefined
  }
}

function describe(id: string, { name, redirectUris }: Registration): ResourceClientDefinition {
  return {
    id,
    name,
    auth: PUBLIC,
    grantTypes: [GRANT_TYPE.authorizationCode],
    redirectUris: [...redirectUris],
    dpopBoundAccessTokens: false,
    introspects: [],
    active: true,
  }
}

interface RegistrationRefusal {
  readonly error: 'invalid_redirect_uri' | 'invalid_client_metadata'
  readonly error_description: string
}

/** Other members are ignored, and the response states what is registered instead (RFC 7591 section 3.2.1). */
async function readRegistration(
  request: Request,
  allow: readonly string[],
): Promise<Result<Registration, RegistrationRefusal>> {
  const bytes = await readAtMost(request.body, MAX_BODY_BYTES)
  const parsed = bytes === undefined ? undefined : parseStrictJsonObject(bytes)
  const refused = (error_description: string) =>
    refuse({ error: 'invalid_client_metadata', error_description } as const)
  if (parsed?.accepted !== true) return refused('a JSON object of at most 8 KiB is needed')
  const { redirect_uris: redirectUris, client_name: name = NO_NAME, grant_types: grantTypes } = parsed.value
  if (!isDisplayName(name, MAX_NAME_LENGTH))
    return refused('client_name must be one visible line of at most 64 characters')
  if (
    grantTypes !== undefined &&
    !(Array.isArray(grantTypes) && grantTypes.includes(GRANT_TYPE.authorizationCode))
  )
    return refused('grant_types lacks authorization_code')
  if (!isList(redirectUris) || !redirectUris.every((uri) => isAllowedRedirect(uri, allow)))
    return refuse({
      error: 'invalid_redirect_uri',
      error_description: 'redirect_uris lists one to five URIs that this server allows',
    })
  return accept({ name, redirectUris })
}

function isList(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MAX_REDIRECT_URIS &&
    value.every((one) => typeof one === 'string')
  )
}

function respond(status: number, body: Readonly<Record<string, unknown>>): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } })
}
