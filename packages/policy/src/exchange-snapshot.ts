// The state a token exchange is judged against, indexed once per revision; immutable.
import type {
  AppDefinition,
  CompileDetailsSchema,
  ConnectionDefinition,
  PolicyDefinition,
  ResourceAppDefinition,
  SamlIssuerDefinition,
  ScopeApproval,
  SubjectIssuerDefinition,
} from '@crosswalk/protocol'

import {
  type AccessGrant,
  type AccessGrants,
  compileAccessGrants,
  type GrantedAccess,
} from './access-grants.ts'
import type { Block } from './blocks.ts'
import { compileDetailsTypes, type DetailsTypes } from './details-types.ts'
import { parseMoment } from './moment.ts'
import { compareSources, type ComparedSources } from './namesakes.ts'
import { type CompiledRules, compileRules, parseTimeWindow, type TimeWindow } from './rules/index.ts'
import { compileApprovals, type ScopeStates } from './scope-approvals.ts'

/** An operational hold on a connection; it applies however the connection is defined, and outlasts its definition. */
export interface ConnectionHold {
  readonly state: 'suspended' | 'revoked'
  readonly by: string
  readonly since: string
  readonly reason?: string
}

/** A pending access request. */
export interface OpenRequest {
  readonly id: string
  readonly user: string
  readonly app: string
  readonly resourceApp: string
  readonly scopes: readonly string[]
}

export interface Connection extends ConnectionDefinition {
  /** Parsed once, in epoch seconds */
  readonly startsAt: number | undefined
  readonly endsAt: number | undefined
  /** Of `conditions.window` */
  readonly window: TimeWindow | undefined
  /** Undefined if no scope of the resource app needs approval */
  readonly approvals: ScopeStates | undefined
  /** What this user has over the connection; absent without an active access grant */
  readonly access?: GrantedAccess
}

/** The SAML issuer whose assertions are accepted as subject tokens, and the apps they may be for. */
export interface SamlTrust extends Pick<
  SamlIssuerDefinition,
  'entityId' | 'audiences' | 'nameId' | 'emailDomains'
> {
  readonly recipients: readonly string[]
}

/** The place in the configuration file that defines something. */
export interface Origin {
  readonly file: string
  readonly line?: number | undefined
}

export interface ExchangeSettings {
  /** The IdP's issuer identifier */
  readonly issuer: string
  readonly idJagTtlSeconds: number
  readonly clockSkewSeconds: number
  /** Authentication context classes that a sign-in here can achieve */
  readonly acrValues: readonly string[]
  /** Whether actor tokens are accepted; refused unless enabled (ACT-02) */
  readonly actorProfile?: 'enabled' | 'disabled' | undefined
  /** Whether `act` names an authenticated app of kind `agent` */
  readonly nameAgents?: boolean | undefined
  /** Undefined if no SAML issuer is configured */
  readonly saml?: readonly SamlTrust[] | undefined
  /** Other identity providers whose ID tokens are accepted as subject tokens, by issuer; undefined if none */
  readonly subjectIssuers?: ReadonlyMap<string, SubjectIssuerDefinition> | undefined
  /** Places of the definitions that the configuration file owns, by `COLLECTION/ID`; others can change at runtime */
  readonly origins?: ReadonlyMap<string, Origin> | undefined
  /** Required if a type of authorization details has a schema */
  readonly compileDetailsSchema?: CompileDetailsSchema | undefined
}

/** An app as the evaluator sees it. */
export interface EvaluatedApp extends AppDefinition {
  /** Whether a suspended app is also inactive by definition, and stays so when resumed */
  readonly disabled?: boolean
}

export interface ExchangeSnapshot extends ExchangeSettings {
  readonly revision: number
  readonly apps: ReadonlyMap<string, EvaluatedApp>
  readonly resourceApps: ReadonlyMap<string, ResourceAppDefinition>
  /** Resource apps by every accepted `audience`: issuer and aliases */
  readonly audiences: ReadonlyMap<string, readonly ResourceAppDefinition[]>
  /** Types of authorization details by resource app */
  readonly detailsTypes: ReadonlyMap<string, DetailsTypes>
  readonly connections: ReadonlyMap<string, Connection>
  readonly rules: CompiledRules
  readonly holds: ReadonlyMap<string, ConnectionHold>
  readonly blocks: readonly Block[]
  /** By `openRequestKey` */
  readonly openRequests: ReadonlyMap<string, OpenRequest>
  readonly accessGrants: AccessGrants
  /** Ids of the active users who own an app; undefined if users are not known here */
  readonly activeOwners?: ReadonlySet<string> | undefined
  /** For `identifyUser` */
  readonly comparedSources: readonly ComparedSources[]
  /** Whether any app is the API of a resource app, and may therefore exchange access tokens */
  readonly takesAccessTokens: boolean
  /** Whether any connection is for a workload */
  readonly takesWorkloads: boolean
}

export interface ExchangeDefinitions {
  readonly apps: readonly EvaluatedApp[]
  readonly resourceApps: readonly ResourceAppDefinition[]
  readonly connections: readonly ConnectionDefinition[]
  readonly policies: readonly PolicyDefinition[]
  readonly holds?: ReadonlyMap<string, ConnectionHold>
  readonly blocks?: readonly Block[]
  readonly openRequests?: readonly OpenRequest[]
  readonly approvals?: readonly ScopeApproval[]
  readonly accessGrants?: readonly AccessGrant[]
  readonly activeOwners?: ReadonlySet<string>
}

/**
 * Indexes validated definitions; at most one connection joins an app and a resource app.
 *
 * @param connections - compiled from the same definitions
 * @throws TypeError for a schema of authorization details without `compileDetailsSchema`, and for a time window that
 * was not validated
 */
export function compileExchangeSnapshot(
  revision: number,
  settings: ExchangeSettings,
  definitions: ExchangeDefinitions,
  connections = compileConnections(definitions),
): ExchangeSnapshot {
  const audiences = new Map<string, ResourceAppDefinition[]>()
  for (const resourceApp of definitions.resourceApps) {
    for (const name of new Set([resourceApp.issuer, ...resourceApp.aliases])) {
      audiences.set(name, [...(audiences.get(name) ?? []), resourceApp])
    }
  }
  return {
    ...settings,
    revision,
    apps: new Map(definitions.apps.map((app) => [app.id, app])),
    resourceApps: new Map(definitions.resourceApps.map((resourceApp) => [resourceApp.id, resourceApp])),
    audiences,
    detailsTypes: new Map(
      definitions.resourceApps.map(({ id, authorizationDetailsTypes: types }) => [
        id,
        compileDetailsTypes(types, settings.compileDetailsSchema),
      ]),
    ),
    connections,
    rules: compileRules(definitions.policies),
    holds: definitions.holds ?? new Map(),
    blocks: definitions.blocks ?? [],
    openRequests: new Map(
      (definitions.openRequests ?? []).map((request) => [openRequestKey(request), request]),
    ),
    accessGrants: compileAccessGrants(definitions.accessGrants ?? []),
    activeOwners: definitions.activeOwners,
    comparedSources: compareSources(definitions.resourceApps),
    takesWorkloads: definitions.connections.some(({ subject }) => subject === 'workload'),
    takesAccessTokens: definitions.apps.some(({ serviceOf }) => serviceOf !== undefined),
  }
}

/** @returns connections by `connectionKey`; each depends on its own definition, the resource apps and the approvals */
export function compileConnections({
  connections,
  resourceApps,
  approvals = [],
}: Pick<ExchangeDefinitions, 'connections' | 'resourceApps' | 'approvals'>): ExchangeSnapshot['connections'] {
  const approvalsOf = compileApprovals(resourceApps, approvals)
  return new Map(
    connections.map((connection) => [
      connectionKey(connection.app, connection.resourceApp),
      compileConnection(connection, approvalsOf(connection)),
    ]),
  )
}

export function openRequestKey({ user, app, resourceApp }: Omit<OpenRequest, 'id' | 'scopes'>): string {
  return `${user}\n${app}\n${resourceApp}`
}

export function connectionKey(app: string, resourceApp: string): string {
  return `${app}\n${resourceApp}`
}

function compileConnection(connection: ConnectionDefinition, approvals: ScopeStates | undefined): Connection {
  return {
    ...connection,
    startsAt: parseMoment(connection.notBefore),
    endsAt: parseMoment(connection.expiresAt),
    window: compileWindow(connection),
    approvals,
  }
}

function compileWindow({ id, conditions }: ConnectionDefinition): TimeWindow | undefined {
  if (conditions.window === undefined) return undefined
  const parsed = parseTimeWindow(conditions.window)
  if (!parsed.accepted) throw new TypeError(`connection ${id}: ${parsed.refusal.problem}`)
  return parsed.value
}
