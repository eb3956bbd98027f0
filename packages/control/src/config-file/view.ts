// The configuration as far as it can be understood although parts of it are wrong, so that one mistake does not
// hide another: every object is parsed by itself, and what is wrong in one is known.
import {
  zApp,
  zAuditStream,
  zAuthorizationServer,
  zConnection,
  zGroup,
  zGuardedResource,
  zKeptSuite,
  zPolicy,
  zResourceApp,
  zResourceClient,
  zSamlIssuer,
  zScopeApproval,
  zSubjectIssuer,
  zTrustedIssuer,
  zUpstream,
  zUser,
  type AppDefinition,
  type AuditStreamDefinition,
  type AuthorizationServerDefinition,
  type ConnectionDefinition,
  type GroupDefinition,
  type KeptSuite,
  type PolicyDefinition,
  type ResourceAppDefinition,
  type ResourceClientDefinition,
  type SamlIssuerDefinition,
  type ScopeApproval,
  type SubjectIssuerDefinition,
  type TrustedIssuerDefinition,
  type UpstreamDefinition,
  type UserDefinition,
} from '@crosswalk/protocol'
import type { z } from 'zod'

import { valueAt } from './describe-issue.ts'
import { type DirectoryDefinition, zDirectory } from './directory-schema.ts'
import type { Path } from './finding.ts'

/** One object of the file. */
export interface Entry<T> {
  readonly path: Path
  /** As written, whether or not it is well formed */
  readonly raw: Readonly<Record<string, unknown>>
  /** Undefined where too much of it is wrong */
  readonly value: T | undefined
  /** Members whose value was wrong and is a default in `value` */
  readonly broken: ReadonlySet<string>
}

export interface ServerEntry extends Entry<AuthorizationServerDefinition> {
  readonly clients: readonly Entry<ResourceClientDefinition>[]
  readonly trustedIssuers: readonly Entry<TrustedIssuerDefinition>[]
  readonly resources: readonly Entry<z.output<typeof zGuardedResource>>[]
  /** The issuer it has or will have, undefined where that cannot be told */
  readonly issuer: string | undefined
}

export interface View {
  /** The whole file as written, references to variables replaced */
  readonly raw: unknown
  readonly baseUrl: string | undefined
  /** The IdP's issuer; undefined where the file has no IdP or it cannot be told */
  readonly idpIssuer: string | undefined
  /** Documents by which apps describe themselves to the IdP */
  readonly allowedDocuments: readonly string[]
  readonly users: readonly Entry<UserDefinition>[]
  readonly groups: readonly Entry<GroupDefinition>[]
  readonly apps: readonly Entry<AppDefinition>[]
  readonly resourceApps: readonly Entry<ResourceAppDefinition>[]
  readonly connections: readonly Entry<ConnectionDefinition>[]
  readonly policies: readonly Entry<PolicyDefinition>[]
  readonly policyTests: readonly Entry<KeptSuite>[]
  readonly scopeApprovals: readonly Entry<ScopeApproval>[]
  readonly samlIssuers: readonly Entry<SamlIssuerDefinition>[]
  readonly subjectIssuers: readonly Entry<SubjectIssuerDefinition>[]
  readonly auditStreams: readonly Entry<AuditStreamDefinition>[]
  readonly upstreams: readonly Entry<UpstreamDefinition>[]
  readonly directories: readonly Entry<DirectoryDefinition>[]
  readonly servers: readonly ServerEntry[]
  /** @returns where something is, to be read after "is taken already": `on line 7` */
  describePlace(path: Path): string
}

export function buildView(raw: unknown, lineOf: (path: Path) => number): View {
  const baseUrl = textAt(raw, ['baseUrl'])
  const hasIdp = valueAt(raw, ['idp']) !== undefined
  return {
    raw,
    baseUrl,
    idpIssuer: hasIdp ? (textAt(raw, ['idp', 'issuer']) ?? baseUrl) : undefined,
    allowedDocuments: textsAt(raw, ['idp', 'clientMetadata', 'allow']),
    users: collect(raw, ['idp', 'users'], zUser),
    groups: collect(raw, ['idp', 'groups'], zGroup),
    apps: collect(raw, ['idp', 'apps'], zApp),
    resourceApps: collect(raw, ['idp', 'resourceApps'], zResourceApp),
    connections: collect(raw, ['idp', 'connections'], zConnection),
    policies: collect(raw, ['idp', 'policies'], zPolicy),
    policyTests: collect(raw, ['idp', 'policyTests'], zKeptSuite),
    scopeApprovals: collect(raw, ['idp', 'scopeApprovals'], zScopeApproval),
    samlIssuers: collect(raw, ['idp', 'saml', 'issuers'], zSamlIssuer),
    subjectIssuers: collect(raw, ['idp', 'subjectIssuers'], zSubjectIssuer),
    directories: collect(raw, ['idp', 'directories'], zDirectory),
    upstreams: collect(raw, ['idp', 'upstream'], zUpstream),
    auditStreams: collect(raw, ['audit', 'streams'], zAuditStream),
    servers: collect(raw, ['authorizationServers'], zAuthorizationServer).map((entry) =>
      collectServer(raw, entry, baseUrl),
    ),
    describePlace: (path) => `on line ${lineOf(path)}`,
  }
}

function collectServer(
  raw: unknown,
  entry: Entry<AuthorizationServerDefinition>,
  baseUrl: string | undefined,
): ServerEntry {
  const { id, issuer } = entry.raw
  const hanging = baseUrl !== undefined && typeof id === 'string' ? `${baseUrl}/as/${id}` : undefined
  return {
    ...entry,
    clients: collect(raw, [...entry.path, 'clients'], zResourceClient),
    trustedIssuers: collect(raw, [...entry.path, 'trustedIssuers'], zTrustedIssuer),
    resources: collect(raw, [...entry.path, 'resources'], zGuardedResource),
    issuer: typeof issuer === 'string' ? issuer : hanging,
  }
}

function textAt(raw: unknown, path: Path): string | undefined {
  const value = valueAt(raw, path)
  return typeof value === 'string' ? value : undefined
}

function textsAt(raw: unknown, path: Path): readonly string[] {
  const value = valueAt(raw, path)
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function collect<S extends z.ZodType>(raw: unknown, path: Path, schema: S): readonly Entry<z.output<S>>[] {
  const list = valueAt(raw, path)
  if (!Array.isArray(list)) return []
  return list.flatMap((item: unknown, index) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? [parseEntry(item as Record<string, unknown>, [...path, index], schema)]
      : [],
  )
}

function parseEntry<S extends z.ZodType>(
  raw: Readonly<Record<string, unknown>>,
  path: Path,
  schema: S,
): Entry<z.output<S>> {
  const whole = schema.safeParse(raw)
  if (whole.success) return { path, raw, value: whole.data, broken: new Set() }
  const broken = new Set(whole.error.issues.flatMap(wrongMembers))
  const rest = Object.fromEntries(Object.entries(raw).filter(([key]) => !broken.has(key)))
  return { path, raw, value: schema.safeParse(rest).data, broken }
}

function wrongMembers(issue: z.core.$ZodIssue): readonly string[] {
  const [first] = issue.path
  if (typeof first === 'string') return [first]
  return issue.code === 'unrecognized_keys' ? issue.keys : []
}
