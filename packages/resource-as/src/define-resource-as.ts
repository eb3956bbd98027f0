// A Resource Authorization Server defined in code, in the terms of the configuration file; all problems are reported
// together. It only checks and completes the definition; `create-resource-as.ts` creates the server.
import { type AlgorithmChoice, compileDetailsSchema } from '@crosswalk/as-core'
import { compileRedemptionSnapshot, type RedemptionSnapshot } from '@crosswalk/policy'
import { findRepeats, nameTrustedIssuer, zAuthorizationServer } from '@crosswalk/protocol'

import type { ResourceAsConfig } from './resource-as-ports.ts'
import { askOwnUsers, type OwnUsers } from './accounts/own-users.ts'
import type { SignIn } from './authorization/signed-in.ts'
import type { Accounts } from './ports.ts'

type Written = (typeof zAuthorizationServer)['_input']

/** As under `authorizationServers` in the configuration file, plus what a program adds. */
export interface ResourceAsDefinition extends Omit<Written, 'id' | 'issuer'> {
  readonly issuer: string
  /** Endpoints are under `/as/{id}`; default `main` */
  readonly id?: string
  /** Public origin of the endpoints; default: that of the issuer */
  readonly baseUrl?: string
  /** Finds users of a service that has its own; no user data is then stored here */
  readonly users?: OwnUsers
  /** For the authorization code flow: who is signed in at the service, or a redirect to its sign-in page */
  readonly signIn?: SignIn
  /** Default ES256 */
  readonly signingAlgorithm?: AlgorithmChoice
  /** 0 to 60; default 30 */
  readonly clockSkewSeconds?: number
  /** Default 0: no limit */
  readonly tokenRequestsPerMinutePerClient?: number
}

export interface DefinedResourceAs {
  readonly config: ResourceAsConfig
  readonly snapshot: () => RedemptionSnapshot
  /** Set if the service has its own users */
  readonly accounts?: Accounts
  readonly signIn?: SignIn
}

/** An invalid definition, with all of its problems. */
export class InvalidDefinition extends TypeError {
  override readonly name = 'InvalidDefinition'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`@crosswalk/resource-as: invalid definition\n- ${problems.join('\n- ')}`)
    this.problems = problems
  }
}

/** @throws InvalidDefinition */
export function defineResourceAs(definition: ResourceAsDefinition): DefinedResourceAs {
  const {
    baseUrl,
    users,
    signIn,
    signingAlgorithm,
    clockSkewSeconds,
    tokenRequestsPerMinutePerClient,
    ...written
  } = definition
  const parsed = zAuthorizationServer.safeParse({ id: 'main', ...written })
  if (!parsed.success) throw new InvalidDefinition(parsed.error.issues.map(renderIssue))
  const { issuer } = definition
  const config: ResourceAsConfig = {
    id: parsed.data.id,
    issuer,
    baseUrl: baseUrl?.replace(/\/$/, '') ?? new URL(issuer).origin,
    signingAlgorithm: signingAlgorithm ?? 'ES256',
    clockSkewSeconds: clockSkewSeconds ?? 30,
    tokenRequestsPerMinutePerClient: tokenRequestsPerMinutePerClient ?? 0,
  }
  const problems = [
    ...findConfigProblems(config),
    ...findTrustProblems(parsed.data),
    ...findRepeatedNames(parsed.data),
    ...findUsersProblems(users, parsed.data),
    ...findClaimProblems(users, parsed.data),
    ...findSchemaProblems(parsed.data),
    ...findSignInProblems(signIn, parsed.data),
  ]
  if (problems.length > 0) throw new InvalidDefinition(problems)
  const snapshot = compileRedemptionSnapshot(
    1,
    { ...config, compileDetailsSchema, name: definition.id ?? issuer.replace(/^https?:\/\//, '') },
    { ...parsed.data, issuer },
  )
  return {
    config,
    snapshot: () => snapshot,
    ...(users === undefined ? {} : { accounts: askOwnUsers(users) }),
    ...(signIn === undefined ? {} : { signIn }),
  }
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

function renderIssue({ path, message }: Issue): string {
  return `${path.length === 0 ? 'definition' : path.map(String).join('.')}: ${message}`
}

function findConfigProblems({ baseUrl, clockSkewSeconds: skew }: ResourceAsConfig): readonly string[] {
  const isOrigin = URL.canParse(baseUrl) && new URL(baseUrl).origin === baseUrl
  return [
    ...(isOrigin ? [] : ['baseUrl: must be an origin without path']),
    ...(skew >= 0 && skew <= 60 ? [] : ['clockSkewSeconds: must be 0 to 60']),
  ]
}

type Parsed = (typeof zAuthorizationServer)['_output']

/** The sources of user identity: issuers of ID-JAGs, and the sign-in provider of the code flow */
function listSources({ trustedIssuers, authorizationCode }: Parsed) {
  const signIn = authorizationCode?.signIn
  return [
    ...trustedIssuers.map((entry, index) => ({ path: `trustedIssuers.${index}`, entry })),
    ...(signIn === undefined ? [] : [{ path: 'authorizationCode.signIn', entry: signIn }]),
  ]
}

/** E-mail requires a listed domain; without any, the strategy would silently find no user. */
function findTrustProblems(parsed: Parsed): readonly string[] {
  return listSources(parsed).flatMap(({ path, entry: { subject, emailDomains } }) =>
    subject.includes('email') && emailDomains.length === 0
      ? [
          `${path}.emailDomains: is empty, so the strategy email finds no user; list the domains whose addresses this issuer may assert`,
        ]
      : [],
  )
}

function findRepeatedNames({ trustedIssuers, clients, resources }: Parsed): readonly string[] {
  const named = {
    trustedIssuers: trustedIssuers.map(nameTrustedIssuer),
    clients: clients.map(({ id }) => id),
    resources: resources.map(({ id }) => id),
  }
  return Object.entries(named).flatMap(([list, names]) =>
    findRepeats(names.map((name, index) => ({ name, index }))).map(
      ({ later: { name, index } }) => `${list}.${index}: ${name} is defined twice`,
    ),
  )
}

function findSchemaProblems({ authorizationDetailsTypes: types }: Parsed): readonly string[] {
  return types.flatMap((entry, index) => {
    if (typeof entry === 'string' || entry.schema === undefined) return []
    const compiled = compileDetailsSchema(entry.schema)
    return compiled.accepted ? [] : [`authorizationDetailsTypes.${index}.schema: ${compiled.refusal}`]
  })
}

function findSignInProblems(
  signIn: SignIn | undefined,
  { authorizationCode: code }: Parsed,
): readonly string[] {
  if (code === undefined)
    return signIn === undefined ? [] : ['signIn: requires authorizationCode, `{}` for all defaults']
  const ways = [signIn, code.signIn].filter((way) => way !== undefined)
  if (ways.length === 1) return []
  return [
    ways.length === 0
      ? 'authorizationCode: needs a way to sign in: either the function signIn or authorizationCode.signIn'
      : 'signIn: set either this function or authorizationCode.signIn, not both',
  ]
}

const MISSING_BY_ID =
  'users.byId: required; without it, users that you disable keep access until their token expires'

/** For users of the service, the server knows only their ids. */
function findClaimProblems(users: OwnUsers | undefined, { resources }: Parsed): readonly string[] {
  if (users === undefined) return []
  return resources.flatMap(({ claims }, at) =>
    Object.entries(claims)
      .filter(([, source]) => source.startsWith('account.'))
      .map(([name, source]) => `resources.${at}.claims.${name}: ${source} is not known of users of your own`),
  )
}

/** A function that no trust entry uses would silently have no effect. */
function findUsersProblems(users: OwnUsers | undefined, parsed: Parsed): readonly string[] {
  if (users === undefined) return []
  const sources = listSources(parsed)
  const missing = typeof users.byId === 'function' ? [] : [MISSING_BY_ID]
  const asked = new Set<string>(sources.flatMap(({ entry }) => entry.subject))
  const steps = { bySubject: 'iss_sub', byOwnId: 'aud_sub', byVerifiedEmail: 'email' } as const
  const idle = Object.entries(steps).filter(([name, step]) => name in users && !asked.has(step))
  const making = sources.filter(({ entry }) => entry.provisioning !== 'none')
  return [
    ...missing,
    ...idle.map(
      ([name, step]) => `users.${name}: never called, since no trusted issuer lists ${step} under subject`,
    ),
    ...making.map(
      ({ path, entry: { issuer, provisioning } }) =>
        `${path.split('.', 1).join()}: ${issuer} has provisioning ${provisioning}, but the service has its own users: use none`,
    ),
  ]
}
