// Runs the passive checks on endpoints: gathers evidence of each, then judges it. Never sends credentials.
import type { Clock } from '@crosswalk/as-core'
import type { SubjectIssuerDefinition } from '@crosswalk/protocol'
import { findVendor, type QuirkEvidence } from '@crosswalk/protocol/vendors'

import { type Environment, findProxyVariable } from '../http/find-proxy.ts'
import type { Exchange, GuardedSender } from '../http/guarded-sender.ts'
import { gatherPreflight } from './browser-check.ts'
import { DOCTOR_CHECKS } from './checks.ts'
import {
  gatherResource,
  gatherServer,
  listAuthorizationServers,
  listKeys,
  listTexts,
  type ResourceEvidence,
  type IssuerRole,
  type ServerEvidence,
} from './evidence.ts'
import { collapseHosts } from './collapse-hosts.ts'
import { type Finding, runChecks } from './finding.ts'
import { isRedirect } from './network-checks.ts'

export interface Endpoints {
  readonly idps: readonly string[]
  readonly servers: readonly string[]
  readonly resources: readonly string[]
  /** Identity providers whose ID tokens are accepted as subject tokens */
  readonly upstreams?: readonly Upstream[]
  /** Trusted issuers, as defined in an authorization server; their servers are among `idps` */
  readonly trusted?: readonly QuirkEvidence[]
  /** Origin of a page that calls token endpoints and resources */
  readonly origin?: string
}

export interface Upstream {
  readonly issuer: string
  /** As defined in the configuration */
  readonly entry?: SubjectIssuerDefinition
}

export interface DiagnosisContext extends Clock {
  readonly sender: GuardedSender
  readonly env?: Environment
}

export interface Diagnosis {
  readonly findings: readonly Finding[]
  readonly idps: readonly ServerEvidence[]
  readonly servers: readonly ServerEvidence[]
  readonly resources: readonly ResourceEvidence[]
}

export async function diagnose(context: DiagnosisContext, endpoints: Endpoints): Promise<Diagnosis> {
  const { sender } = context
  const resources = await Promise.all(endpoints.resources.map((resource) => gatherResource(sender, resource)))
  const discovered = endpoints.servers.length > 0 ? [] : resources.flatMap(listAuthorizationServers)
  const [idps, servers] = await Promise.all([
    gatherServers(context, endpoints.idps, 'idp'),
    gatherServers(context, [...endpoints.servers, ...discovered], 'as'),
  ])
  const ofServers = [...idps, ...servers.map((server) => withOtherParty(server, idps))].map((it) =>
    judgeServer(it, context),
  )
  const ofResources = resources.map((it) => judgeResource(completeResource(it, endpoints, servers), context))
  const ofUpstreams = await Promise.all(
    (endpoints.upstreams ?? []).map((upstream) => examineUpstream(upstream, context)),
  )
  const ofTrusted = (endpoints.trusted ?? []).map((it) =>
    runChecks(DOCTOR_CHECKS.trusted, it, { subject: it.issuer }),
  )
  const ofBrowser = await examineBrowser(context, endpoints.origin, { idps, servers, resources })
  const all = [...ofServers, ...ofUpstreams, ...ofTrusted, ...ofResources, ...ofBrowser]
  const findings = collapseHosts(all.flat())
  return { findings, idps, servers, resources }
}

function gatherServers(
  { sender, nowMs }: DiagnosisContext,
  issuers: readonly string[],
  role: IssuerRole,
): Promise<readonly ServerEvidence[]> {
  return Promise.all(
    [...new Set(issuers)].map((issuer) => gatherServer(sender, { issuer, role, nowMs: nowMs() })),
  )
}

function withOtherParty(server: ServerEvidence, [idp]: readonly ServerEvidence[]): ServerEvidence {
  if (idp === undefined) return server
  return { ...server, otherIssuer: idp.issuer, otherKeys: listKeys(idp.keys) }
}

function completeResource(
  evidence: ResourceEvidence,
  { servers: asked }: Endpoints,
  servers: readonly ServerEvidence[],
): ResourceEvidence {
  const named = listAuthorizationServers(evidence)
  const expectedIssuer = asked.length === 0 || named.some((it) => asked.includes(it)) ? named[0] : asked[0]
  const server = servers.find(({ issuer }) => named.includes(issuer))
  const knownScopes = listTexts(server?.metadata?.scopes_supported)
  return {
    ...evidence,
    ...(expectedIssuer === undefined || asked.length === 0 ? {} : { expectedIssuer }),
    ...(knownScopes === undefined ? {} : { knownScopes }),
  }
}

function judgeNetwork(
  { nowMs, env = {} }: DiagnosisContext,
  url: string,
  exchanges: readonly Exchange[],
): readonly Finding[] {
  const proxyVariable = findProxyVariable(url, env)
  const proxy = proxyVariable === undefined ? {} : { proxyVariable }
  return runChecks(DOCTOR_CHECKS.network, { url, exchanges, ...proxy, nowMs: nowMs() }, { subject: url })
}

function listExchanges({ issuer, tried, found, keys }: ServerEvidence): readonly Exchange[] {
  if (tried.length === 0) return [refusedUrl(issuer)]
  return [...omitRedirects(tried, found), ...(keys === undefined ? [] : [keys])]
}

/** If one of several URLs has the document, a redirect at another does no harm. */
function omitRedirects(tried: readonly Exchange[], found: Exchange | undefined): readonly Exchange[] {
  return found === undefined ? tried : tried.filter((exchange) => !isRedirect(exchange))
}

function judgeServer(evidence: ServerEvidence, context: DiagnosisContext): readonly Finding[] {
  const { issuer: subject, role } = evidence
  const network = judgeNetwork(context, subject, listExchanges(evidence))
  const vendor = findVendor(subject)
  const checks = DOCTOR_CHECKS[role].filter(({ id }) => vendor?.skips[id] === undefined)
  const findings = runChecks(checks, evidence, {
    subject,
    findFix: (id) => vendor?.fixes[id],
    ...becauseOf(network),
  })
  return [...network, ...findings]
}

/** If its keys are configured, they are not fetched. */
async function examineUpstream(
  { issuer: subject, entry }: Upstream,
  context: DiagnosisContext,
): Promise<readonly Finding[]> {
  const { sender, nowMs } = context
  const gathered = await gatherServer(sender, { issuer: subject, role: 'idp', nowMs: nowMs() })
  const evidence = { ...gathered, ...(entry === undefined ? {} : { entry }) }
  const network = judgeNetwork(context, subject, listExchanges(gathered))
  return [...network, ...runChecks(DOCTOR_CHECKS.upstream, evidence, { subject, ...becauseOf(network) })]
}

function judgeResource(evidence: ResourceEvidence, context: DiagnosisContext): readonly Finding[] {
  const { resource: subject, challenge, tried, found } = evidence
  // A redirect of the resource itself is not that of a document; P01 reports it.
  const answered = isRedirect(challenge) ? [] : [challenge]
  const network = judgeNetwork(context, subject, [...answered, ...omitRedirects(tried, found)])
  return [...network, ...runChecks(DOCTOR_CHECKS.resource, evidence, { subject, ...becauseOf(network) })]
}

async function examineBrowser(
  { sender }: DiagnosisContext,
  origin: string | undefined,
  { idps, servers, resources }: Omit<Diagnosis, 'findings'>,
): Promise<readonly (readonly Finding[])[]> {
  if (origin === undefined) return []
  const tokenEndpoints = [...idps, ...servers].map(({ metadata }) => metadata?.token_endpoint)
  const called = [
    ...tokenEndpoints
      .filter((url) => typeof url === 'string')
      .map((url) => ({ url, headers: ['content-type'] })),
    ...resources.map(({ resource }) => ({ url: resource, headers: ['authorization', 'content-type'] })),
  ]
  return Promise.all(
    called.map(async (one) =>
      runChecks(DOCTOR_CHECKS.browser, await gatherPreflight(sender, { ...one, origin }), {
        subject: one.url,
      }),
    ),
  )
}

/** An unreachable server is reported once, not by each of its checks. */
function becauseOf(network: readonly Finding[]): { readonly because?: string } {
  const root = network.find(({ id, result }) => result === 'fail' && id !== 'E01')
  return root === undefined ? {} : { because: root.id }
}

function refusedUrl(url: string): Exchange {
  return {
    request: { method: 'GET', url },
    headers: {},
    cookies: [],
    text: '',
    ms: 0,
    problem: { reason: 'not-a-url' },
  }
}
