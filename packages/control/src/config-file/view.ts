// The valid parts of a configuration that has problems, so that one mistake does not hide another: every object is
// parsed separately, and its broken members are known.
import {
  type AppDefinition,
  type AuthorizationServerDefinition,
  isObject,
  type ResourceClientDefinition,
  type TrustedIssuerDefinition,
  zApp,
  zApprovalRule,
  zAuditStream,
  zAuthorizationServer,
  zConnection,
  zGroup,
  zGuardedResource,
  zKeptSuite,
  zPolicy,
  zResourceApp,
  zResourceClient,
  zReviewSchedule,
  zSamlIssuer,
  zScopeApproval,
  zTrustedIssuer,
  zUser,
} from '@crosswalk/protocol'
import type { z } from 'zod'

import { zDirectory } from './directory-schema.ts'
import { zFileSubjectIssuer, zFileUpstream } from './provider-schema.ts'
import { type Path, valueAt } from './finding.ts'

/** One object of the file. */
export interface Entry<T> {
  readonly path: Path
  /** As written, whether or not it is valid */
  readonly raw: Readonly<Record<string, unknown>>
  /** Undefined if too much of it is invalid */
  readonly value: T | undefined
  /** Members with invalid values, which are replaced by defaults in `value` */
  readonly broken: ReadonlySet<string>
}

export interface ServerEntry extends Entry<AuthorizationServerDefinition> {
  readonly clients: readonly Entry<ResourceClientDefinition>[]
  readonly trustedIssuers: readonly Entry<TrustedIssuerDefinition>[]
  readonly resources: readonly Entry<z.output<typeof zGuardedResource>>[]
  /** Its issuer, given or derived; undefined if it cannot be determined */
  readonly issuer: string | undefined
}

/** Path and schema of each kind of object in the file. */
const SECTIONS = {
  users: { path: ['idp', 'users'], schema: zUser },
  groups: { path: ['idp', 'groups'], schema: zGroup },
  apps: { path: ['idp', 'apps'], schema: zApp },
  resourceApps: { path: ['idp', 'resourceApps'], schema: zResourceApp },
  connections: { path: ['idp', 'connections'], schema: zConnection },
  policies: { path: ['idp', 'policies'], schema: zPolicy },
  reviewSchedules: { path: ['idp', 'reviewSchedules'], schema: zReviewSchedule },
  approvalRules: { path: ['idp', 'approvalRules'], schema: zApprovalRule },
  policyTests: { path: ['idp', 'policyTests'], schema: zKeptSuite },
  scopeApprovals: { path: ['idp', 'scopeApprovals'], schema: zScopeApproval },
  samlIssuers: { path: ['idp', 'saml', 'issuers'], schema: zSamlIssuer },
  subjectIssuers: { path: ['idp', 'subjectIssuers'], schema: zFileSubjectIssuer },
  directories: { path: ['idp', 'directories'], schema: zDirectory },
  upstreams: { path: ['idp', 'upstream'], schema: zFileUpstream },
  auditStreams: { path: ['audit', 'streams'], schema: zAuditStream },
} as const

type Sections = {
  readonly [S in keyof typeof SECTIONS]: readonly Entry<z.output<(typeof SECTIONS)[S]['schema']>>[]
}

export interface View extends Omit<Sections, 'apps'> {
  /** The whole file as written, with variable references replaced */
  readonly raw: unknown
  readonly baseUrl: string | undefined
  /** The IdP's issuer; undefined if the file has no IdP or the issuer cannot be determined */
  readonly idpIssuer: string | undefined
  /** Client metadata documents that the IdP accepts */
  readonly allowedDocuments: readonly string[]
  readonly apps: readonly Entry<AppDefinition>[]
  readonly servers: readonly ServerEntry[]
  /** @returns the place of an object for messages: `on line 7` */
  describePlace(path: Path): string
}

export function buildView(raw: unknown, lineOf: (path: Path) => number): View {
  const baseUrl = textAt(raw, ['baseUrl'])
  const hasIdp = valueAt(raw, ['idp']) !== undefined
  const sections = Object.fromEntries(
    Object.entries(SECTIONS).map(([name, { path, schema }]) => [name, collect(raw, path, schema)]),
  )
  return {
    raw,
    baseUrl,
    idpIssuer: hasIdp ? (textAt(raw, ['idp', 'issuer']) ?? baseUrl) : undefined,
    allowedDocuments: textsAt(raw, ['idp', 'clientMetadata', 'allow']),
    ...(sections as unknown as Sections),
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
    isObject(item) ? [parseEntry(item, [...path, index], schema)] : [],
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
