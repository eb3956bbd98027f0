// The state a redemption is judged against: one Resource Authorization Server, indexed once per revision; immutable.
import {
  type AuthorizationServerDefinition,
  type CompileDetailsSchema,
  type EpochSeconds,
  listActors,
  type ResourceClientDefinition,
  type TrustedIssuerDefinition,
} from '@crosswalk/protocol'

import { compileDetailsTypes, type DetailsTypes } from './details-types.ts'
import { hasEnded } from './moment.ts'

export interface RedemptionSettings {
  readonly issuer: string
  /** What sentences about decisions call the server; default: its id */
  readonly name?: string | undefined
  readonly clockSkewSeconds: number
  /** Required if a type of authorization details has a schema */
  readonly compileDetailsSchema?: CompileDetailsSchema | undefined
}

/** A revocation, before redemption, by an issuer in this process; every member that is set must match. */
export interface Revocation {
  /** Id of the operational act, for the record */
  readonly id: string
  readonly issuer: string
  readonly clientId?: string | undefined
  /** `sub` of the ID-JAG */
  readonly subject?: string | undefined
  /** Matches any of them; undefined: every resource */
  readonly resources?: readonly string[] | undefined
  /** App of the issuer that `act` names, at any depth */
  readonly actor?: string | undefined
  /** RFC 3339; undefined: until lifted */
  readonly until?: string | undefined
}

export interface RedemptionSnapshot extends RedemptionSettings {
  readonly revision: number
  readonly id: string
  readonly name: string
  readonly definition: AuthorizationServerDefinition
  /** Entries by issuer; several if they differ in tenant */
  readonly trusted: ReadonlyMap<string, readonly TrustedIssuerDefinition[]>
  readonly clients: ReadonlyMap<string, ResourceClientDefinition>
  readonly resources: ReadonlyMap<string, AuthorizationServerDefinition['resources'][number]>
  readonly detailsTypes: DetailsTypes
  readonly revocations: readonly Revocation[]
}

/** @throws TypeError for a schema of authorization details without `compileDetailsSchema` */
export function compileRedemptionSnapshot(
  revision: number,
  settings: RedemptionSettings,
  definition: AuthorizationServerDefinition,
  revocations: readonly Revocation[] = [],
): RedemptionSnapshot {
  const trusted = Map.groupBy(definition.trustedIssuers.map(withBothNames), ({ issuer }) => issuer)
  return {
    ...settings,
    revision,
    id: definition.id,
    name: settings.name ?? definition.id,
    definition,
    trusted,
    clients: new Map(definition.clients.map((client) => [client.id, client])),
    resources: new Map(definition.resources.map((resource) => [resource.id, resource])),
    detailsTypes: compileDetailsTypes(definition.authorizationDetailsTypes, settings.compileDetailsSchema),
    revocations,
  }
}

/** RFC 9864 gave EdDSA with our one curve its own name, `Ed25519`: an entry with the old name accepts both. */
function withBothNames(entry: TrustedIssuerDefinition): TrustedIssuerDefinition {
  const { algorithms } = entry
  return algorithms.includes('EdDSA') && !algorithms.includes('Ed25519')
    ? { ...entry, algorithms: [...algorithms, 'Ed25519'] }
    : entry
}

/** The limit of uses where an ID-JAG may be used again; it bounds what a stolen one is worth (RAS-18). */
const MAX_USES_UNTIL_EXPIRY = 10

/** @returns the maximum number of redemptions of one ID-JAG */
export function mostUses({ replay }: Pick<AuthorizationServerDefinition, 'replay'>): number {
  return replay === 'single-use' ? 1 : MAX_USES_UNTIL_EXPIRY
}

/** The registered client or, if it is not registered, the client as its document describes it. */
export function findClient(
  { clients }: Pick<RedemptionSnapshot, 'clients'>,
  clientId: string,
  described: ResourceClientDefinition | undefined,
): ResourceClientDefinition | undefined {
  return clients.get(clientId) ?? (described?.id === clientId ? described : undefined)
}

/**
 * The trust entry for an issuer and tenant; strings match exactly, and inactive entries do not count (RAS-08, TEN-03).
 */
export function findTrust(
  snapshot: RedemptionSnapshot,
  issuer: unknown,
  tenant: unknown,
): TrustedIssuerDefinition | undefined {
  const entries = typeof issuer === 'string' ? (snapshot.trusted.get(issuer) ?? []) : []
  let next: TrustedIssuerDefinition | undefined
  for (const entry of entries) {
    if (!entry.active) continue
    if (entry.tenant === tenant) return entry
    if (next === undefined || (next.tenant !== undefined && entry.tenant === undefined)) next = entry
  }
  return next
}

/**
 * @param claims - of an ID-JAG, or of what was redeemed for it in the same terms.
 * @returns the act that revokes it now
 */
export function findRevocation(
  { revocations }: Pick<RedemptionSnapshot, 'revocations'>,
  claims: { readonly [claim in 'iss' | 'sub' | 'client_id' | 'resource' | 'act']?: unknown },
  now: EpochSeconds,
): Revocation | undefined {
  return revocations.find((revocation) => covers(revocation, claims, now))
}

function covers(
  { issuer, clientId, subject, resources, actor, until }: Revocation,
  claims: Parameters<typeof findRevocation>[1],
  now: EpochSeconds,
): boolean {
  return (
    claims.iss === issuer &&
    (clientId === undefined || claims.client_id === clientId) &&
    (subject === undefined || claims.sub === subject) &&
    (resources === undefined || mayBeFor(claims.resource, resources)) &&
    (actor === undefined || listActors(claims.act, issuer).includes(actor)) &&
    !hasEnded(until, now)
  )
}

/** An ID-JAG that names no resource may be for any. */
function mayBeFor(resource: unknown, resources: readonly string[]): boolean {
  if (resource === undefined) return true
  const asked = [resource].flat()
  return resources.some((one) => asked.includes(one))
}
