// Previews the ID-JAG of a simulated decision: the claims from the actual builder, each with its origin. Signing is not
// reachable from here, and the header is not a valid token header.
import type { TokenPreview } from '@crosswalk/admin-api'
import { createPairwise } from '@crosswalk/idp/definitions'
import {
  buildIdJagClaims,
  type ExchangeSnapshot,
  type EvaluatedUser,
  type SignInFact,
  buildUserClaims,
  hasGrant,
  findTrust,
  listUserClaims,
  type RedemptionSnapshot,
} from '@crosswalk/policy'
import {
  type DecisionRecord,
  type ResourceAppDefinition,
  type IdJagClaims,
  readResourceClaim,
} from '@crosswalk/protocol'

import type { Parts } from '../parts.ts'
import type { Directory } from '../definitions/directory.ts'

interface PreviewParts extends Parts<'sealing'> {
  readonly directory: Pick<Directory, 'current'>
}

export interface PreviewedExchange {
  readonly decision: DecisionRecord
  readonly snapshot: ExchangeSnapshot
  readonly user: EvaluatedUser | undefined
  readonly signIn: SignInFact
  readonly nowMs: number
}

/** @returns null if no ID-JAG would be issued */
export function previewToken(
  { sealing, directory }: PreviewParts,
  { decision, snapshot, user, signIn, nowMs }: PreviewedExchange,
): TokenPreview | null {
  const { granted, resolution } = decision
  const resourceApp = snapshot.resourceApps.get(resolution.resource_app ?? '')
  if (granted === null || user === undefined || resourceApp === undefined) return null
  const claims = buildIdJagClaims({
    issuer: snapshot.issuer,
    granted,
    resourceApp,
    user,
    signIn,
    jti: 'example',
    now: nowMs / 1000,
    pairwise: createPairwise(sealing),
  })
  const about = { connection: resolution.connection ?? '', user: user.id }
  const isGranted = hasGrant(snapshot.accessGrants, about, nowMs / 1000)
  const shown = Object.entries(claims).filter(([, value]) => value !== undefined)
  return {
    header: { typ: 'example+json' },
    claims: shown
      .sort(([one], [other]) => rankOf(one) - rankOf(other))
      .map(([name, value]) => ({
        name,
        value,
        origin: isGranted && name === 'scope' ? GRANTED_SCOPES : describeOrigin(name, resourceApp),
        personal: isPersonal(name, resourceApp),
      })),
    bytes: Buffer.byteLength(JSON.stringify(Object.fromEntries(shown))),
    atResource: previewUserClaims(claims, [...directory.current().redemption.values()]),
  }
}

/** Reading order of the first claims; the others follow in token order. */
const FIRST = ['iss', 'aud', 'client_id', 'sub', 'scope', 'resource']

function rankOf(claim: string): number {
  const at = FIRST.indexOf(claim)
  return at === -1 ? FIRST.length : at
}

const ORIGINS: Readonly<Record<string, string>> = {
  iss: 'this identity provider',
  aud: 'issuer of the resource app',
  client_id: 'client ID of the connection',
  jti: 'new for each token',
  iat: 'the moment of issuance',
  exp: 'lifetime of ID-JAGs and policies',
  resource: 'resources of the connection, as requested',
  scope: 'scopes of the connection, as requested',
  tenant: 'tenant of the resource app',
  aud_tenant: 'audTenant of the resource app',
  sub_id: 'subId of the resource app',
  auth_time: 'sign-in of the user',
  acr: 'sign-in of the user',
  amr: 'sign-in of the user',
  cnf: 'key of the DPoP proof',
  act: 'the proven actor',
  authorization_details: 'as requested',
  email_verified: 'directory, with the address',
  session_expiry: 'earliest end: connection, access grant, token or session',
}
const GRANTED_SCOPES = 'access grants and assignment of the user, as requested'

/**
 * Describes the origin of each claim of an ID-JAG for administrators, and whether it identifies the user. For display
 * only.
 */
function describeOrigin(name: string, { subject, claims }: ResourceAppDefinition): string {
  if (name === 'sub') return `subject of the resource app: ${subject}`
  const source = claims[name]
  return source === undefined ? (ORIGINS[name] ?? 'the request') : `claims of the resource app: ${source}`
}

/** A pairwise subject does not identify the user elsewhere. */
function isPersonal(name: string, { subject, subId, claims }: ResourceAppDefinition): boolean {
  if (name === 'sub') return subject !== 'pairwise'
  if (name === 'sub_id') return subId?.nameid !== 'pairwise'
  return Object.hasOwn(claims, name)
}

type Shown = NonNullable<TokenPreview['atResource']>

/** @returns null if no authorization server here would accept the ID-JAG */
function previewUserClaims(
  idJag: IdJagClaims,
  servers: readonly RedemptionSnapshot[],
): TokenPreview['atResource'] {
  const server = servers.find(({ issuer }) => issuer === idJag.aud)
  const trust = server === undefined ? undefined : findTrust(server, idJag.iss, idJag.tenant)
  if (server === undefined || trust === undefined) return null
  const named = readResourceClaim(idJag.resource) ?? []
  // Without the claim, the token is for the only resource of the server.
  const resource = named.length > 0 ? named : [...server.resources.keys()]
  const sources = new Map(listUserClaims(server, resource))
  const claims = Object.entries(buildUserClaims({ resource, idJag, trust }, server) ?? {})
  return [
    ...claims.map(([name, value]): Shown[number] => ({
      name,
      value,
      origin: describeSource(name, sources),
      personal: name !== 'tenant',
    })),
    ...[...sources]
      .filter(([, source]) => source.startsWith('account.'))
      .map(([name, source]) => ({ name, value: null, origin: `${source} at ${server.id}`, personal: true })),
  ]
}

function describeSource(name: string, sources: ReadonlyMap<string, string>): string {
  if (name === 'email_verified') return 'the issuer, for its own e-mail domains'
  const source = sources.get(name)
  return source === undefined
    ? 'included because the server keeps no account'
    : `claims of the resource: ${source}`
}
