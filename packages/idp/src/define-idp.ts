// An identity provider defined in code, with the vocabulary of the configuration file. Reports all problems together.
// It only validates and fills in defaults; `create-idp.ts` creates the server.
import { type AlgorithmChoice, compileDetailsSchema } from '@crosswalk/as-core'
import { compileExchangeSnapshot, type ExchangeSnapshot, parseTimeWindow } from '@crosswalk/policy'
import {
  type AppDefinition,
  listIdTokenAlgorithms,
  ACR,
  type ConnectionDefinition,
  isIssuerIdentifier,
  type ResourceAppDefinition,
  type SamlDefinition,
  zApp,
  zConnection,
  zPolicy,
  zResourceApp,
  zSamlSection,
  zScopeApproval,
} from '@crosswalk/protocol'

import type { IdpConfig } from './idp-ports.ts'
import { type DefinedUsers, defineUsers, type OwnUserSource, type ConfiguredUser } from './define-users.ts'
import { parseAll, parseOne } from './parse-all.ts'
import { listSamlTrust } from './saml/saml-trust.ts'
import { readSigningCertificate } from './saml/signing-certificate.ts'

type Written<T extends { readonly _input: unknown }> = T['_input']

/** The members of `idp` in the configuration file, plus those that only a program can provide. */
export interface IdpDefinition {
  /** Issuer identifier */
  readonly issuer: string
  /** Public origin of the endpoints, on a separate host; default: the origin of the issuer */
  readonly baseUrl?: string
  readonly displayName?: string
  /** All users, or functions that find them in a service */
  readonly users: readonly ConfiguredUser[] | OwnUserSource
  readonly apps: readonly Written<typeof zApp>[]
  readonly resourceApps: readonly Written<typeof zResourceApp>[]
  readonly connections: readonly Written<typeof zConnection>[]
  readonly policies?: readonly Written<typeof zPolicy>[]
  /** Approval requirements for scopes */
  readonly scopeApprovals?: readonly Written<typeof zScopeApproval>[]
  /** Issuers whose SAML assertions are accepted as subject tokens */
  readonly saml?: Written<typeof zSamlSection>
  /** Whether actor tokens are accepted; default `disabled` */
  readonly actorProfile?: 'enabled' | 'disabled'
  /** true: the `act` claim of an ID-JAG names an app of kind `agent` */
  readonly nameAgents?: boolean
  /** Default 600 */
  readonly idTokenTtlSeconds?: number
  /** 1 to 300, the default */
  readonly idJagTtlSeconds?: number
  /**
   * One algorithm for all tokens, or a function that chooses per kind. Default: ES256, and RS256 for ID tokens. Apps
   * can choose RS256 or ES256 for their ID tokens, unless a function decides otherwise.
   */
  readonly signingAlgorithm?: AlgorithmChoice
  /** 0 to 60; default 30 */
  readonly clockSkewSeconds?: number
  /** Default 10; 0 disables the delay */
  readonly failedSignInsBeforeDelay?: number
  /** Default 0, no limit */
  readonly tokenRequestsPerMinutePerClient?: number
}

export interface DefinedIdp extends DefinedUsers {
  readonly config: IdpConfig
  readonly snapshot: () => ExchangeSnapshot
}

/** An invalid definition, with all its problems. */
export class InvalidDefinition extends TypeError {
  override readonly name = 'InvalidDefinition'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`@crosswalk/idp: invalid definition\n- ${problems.join('\n- ')}`)
    this.problems = problems
  }
}

/** @throws InvalidDefinition */
export function defineIdp(definition: IdpDefinition): DefinedIdp {
  const problems: string[] = []
  const saml = parseSaml(definition.saml, problems)
  const config = completeConfig(definition, saml)
  const apps = parseAll('apps', zApp, definition.apps, problems)
  const resourceApps = parseAll('resourceApps', zResourceApp, definition.resourceApps, problems)
  const connections = parseAll('connections', zConnection, definition.connections, problems)
  const policies = parseAll('policies', zPolicy, definition.policies ?? [], problems)
  const approvals = (definition.scopeApprovals ?? []).flatMap(
    (one, at) => parseOne(`scopeApprovals.${at}`, zScopeApproval, one, problems) ?? [],
  )
  const users = defineUsers(definition.users, problems)
  problems.push(
    ...findConfigProblems(config, definition.idJagTtlSeconds),
    ...findAlgorithmProblems(apps, config),
    ...findPkceProblems(apps),
    ...findSchemaProblems(resourceApps),
    ...findWindowProblems(connections),
    ...findDangling(
      'scopeApprovals',
      'connection',
      approvals.map((one) => ({ ...one, id: one.scope })),
      new Set(connections.map(({ id }) => id)),
    ),
    ...findDangling('connections', 'app', connections, new Set(apps.map(({ id }) => id))),
    ...findDangling('connections', 'resourceApp', connections, new Set(resourceApps.map(({ id }) => id))),
  )
  if (problems.length > 0) throw new InvalidDefinition(problems)
  const settings = {
    issuer: definition.issuer,
    idJagTtlSeconds: definition.idJagTtlSeconds ?? 300,
    clockSkewSeconds: config.clockSkewSeconds,
    acrValues: Object.values(ACR),
    compileDetailsSchema,
    saml: listSamlTrust(saml, config.baseUrl),
    actorProfile: definition.actorProfile,
    nameAgents: definition.nameAgents,
  }
  const snapshot = compileExchangeSnapshot(1, settings, {
    apps,
    resourceApps,
    connections,
    policies,
    approvals,
  })
  return { config, snapshot: () => snapshot, ...users }
}

function parseSaml(written: IdpDefinition['saml'], problems: string[]): SamlDefinition | undefined {
  if (written === undefined) return undefined
  const section = parseOne('saml', zSamlSection, written, problems)
  for (const { entityId, certificates } of section?.issuers ?? []) {
    for (const pem of certificates) {
      const key = readSigningCertificate(pem)
      if (!key.accepted) problems.push(`saml: the certificate of ${entityId} is ${key.refusal}`)
    }
  }
  return section
}

function completeConfig(definition: IdpDefinition, saml: SamlDefinition | undefined): IdpConfig {
  const { issuer, baseUrl, displayName } = definition
  const origin = URL.canParse(issuer) ? new URL(issuer).origin : issuer
  return {
    issuer,
    baseUrl: baseUrl?.replace(/\/$/, '') ?? origin,
    ...(displayName === undefined ? {} : { displayName }),
    idTokenTtlSeconds: definition.idTokenTtlSeconds ?? 600,
    signingAlgorithm: completeAlgorithms(definition.signingAlgorithm),
    clockSkewSeconds: definition.clockSkewSeconds ?? 30,
    failedSignInsBeforeDelay: definition.failedSignInsBeforeDelay ?? 10,
    tokenRequestsPerMinutePerClient: definition.tokenRequestsPerMinutePerClient ?? 0,
    samlIssuers: saml?.issuers,
  }
}

function completeAlgorithms(given: AlgorithmChoice | undefined): AlgorithmChoice {
  if (typeof given === 'function') return given
  const idToken = listIdTokenAlgorithms(given)
  return (purpose) => (purpose === 'id-token' ? idToken : (given ?? 'ES256'))
}

/** Finds apps that choose an algorithm without a key. */
function findAlgorithmProblems(apps: readonly AppDefinition[], { signingAlgorithm }: IdpConfig) {
  const offered = [
    typeof signingAlgorithm === 'string' ? signingAlgorithm : signingAlgorithm('id-token'),
  ].flat()
  return apps.flatMap(({ id, idTokenSigningAlg: wanted }) =>
    wanted === undefined || offered.includes(wanted)
      ? []
      : [`apps: ${id} wants ID tokens signed with ${wanted}, which signingAlgorithm does not list`],
  )
}

/** Codes of public clients must be bound by PKCE. */
function findPkceProblems(apps: readonly AppDefinition[]): readonly string[] {
  return apps.flatMap(({ id, auth, pkce }) =>
    pkce === 'optional' && auth.method === 'none'
      ? [`apps: ${id} is a public client, for which PKCE is never optional`]
      : [],
  )
}

function findConfigProblems(config: IdpConfig, idJagTtlSeconds = 300): readonly string[] {
  const { issuer, baseUrl, clockSkewSeconds, idTokenTtlSeconds } = config
  const isOrigin = URL.canParse(baseUrl) && new URL(baseUrl).origin === baseUrl
  return [
    ...(isIssuerIdentifier(issuer) ? [] : ['issuer: must be an https URL (http for loopback hosts only)']),
    ...(isOrigin ? [] : ['baseUrl: must be an origin without path']),
    ...findRangeProblem('clockSkewSeconds', clockSkewSeconds, [0, 60]),
    ...findRangeProblem('idTokenTtlSeconds', idTokenTtlSeconds, [60, 86_400]),
    ...findRangeProblem('idJagTtlSeconds', idJagTtlSeconds, [1, 300]),
  ]
}

function findRangeProblem(
  name: string,
  value: number,
  [minimum, maximum]: readonly [number, number],
): readonly string[] {
  return value >= minimum && value <= maximum ? [] : [`${name}: must be ${minimum} to ${maximum}`]
}

function findWindowProblems(connections: readonly ConnectionDefinition[]): readonly string[] {
  return connections.flatMap(({ id, conditions: { window } }) => {
    const parsed = window === undefined ? undefined : parseTimeWindow(window)
    if (parsed === undefined || parsed.accepted) return []
    return [`connections: the window of ${id}: ${parsed.refusal.problem}; ${parsed.refusal.fix}`]
  })
}

function findSchemaProblems(resourceApps: readonly ResourceAppDefinition[]): readonly string[] {
  return resourceApps.flatMap(({ id, authorizationDetailsTypes: types }) =>
    types.flatMap((entry) => {
      if (typeof entry === 'string' || entry.schema === undefined) return []
      const compiled = compileDetailsSchema(entry.schema)
      return compiled.accepted
        ? []
        : [`resourceApps: the schema of ${entry.type} at ${id}: ${compiled.refusal}`]
    }),
  )
}

function findDangling<K extends string>(
  name: string,
  key: K,
  items: readonly ({ readonly id: string } & Readonly<Record<K, string>>)[],
  known: ReadonlySet<string>,
): readonly string[] {
  return items
    .filter((item) => !known.has(item[key]))
    .map((item) => `${name}: ${item.id} names ${item[key]} as ${key}, which is not defined`)
}
