// P: whether a protected resource leads an agent to its authorization server. Pure.
import { describeValue } from '@crosswalk/protocol'

import type { Exchange } from '../http/guarded-sender.ts'
import { isMcp } from '../http/mcp-client.ts'
import { describeExchange } from './describe-exchange.ts'
import { findDocumentFix } from './document-problem.ts'
import { listAuthorizationServers, listTexts, type ResourceEvidence } from './evidence.ts'
import { type DoctorCheck, found, notApplicable, pass } from './finding.ts'
import { isRedirect } from './network-checks.ts'
import { describeDifference } from './server-checks.ts'

function describeUnchallenged(status: number | undefined): string {
  if (status === 401) return 'The 401 does not name the metadata'
  if (isRedirect({ status })) return 'It redirects a request without a token'
  if (status === 404) return 'There is nothing at this address'
  return status !== undefined && status < 300
    ? 'It responds with success without a token'
    : `It responds with ${status ?? 'nothing'} to a request without a token`
}

function findChallengeFix({ status }: Exchange): string {
  if (status === 404)
    return 'Check the URL, including a slash at its end. If it is right, respond with 401 before looking for the page.'
  return isRedirect({ status })
    ? 'If it leads to the same API, use that URL everywhere. If it leads to a sign-in page, respond to requests without a token with 401 instead.'
    : 'Respond to requests without a token with 401, and name the metadata in the challenge.'
}

const MAX_NAMES = 5

export const RESOURCE_CHECKS: readonly DoctorCheck<ResourceEvidence>[] = [
  {
    id: 'P01',
    title: '401 that leads to the metadata',
    severity: 'warn',
    why: 'An agent that knows only the URL finds the authorization server by this challenge (RFC 9728 section 5).',
    judge: ({ challenge, announced }) => {
      const { status, headers, request } = challenge
      const header = headers['www-authenticate']
      const target = isRedirect(challenge) ? ` to ${headers.location ?? 'nowhere'}` : ''
      if (status === 401 && announced !== undefined) return pass(announced)
      const saw = `${request.url} → ${status}${target}, WWW-Authenticate: ${header ?? 'not there'}`
      return found({
        what: describeUnchallenged(status),
        saw,
        expected: '401 with WWW-Authenticate: Bearer resource_metadata="…"',
        fix: findChallengeFix(challenge),
      })
    },
  },
  {
    id: 'P02',
    title: 'metadata that names this resource',
    severity: 'fail',
    why: 'A client accepts no document that names another resource, since it could lead to a foreign server.',
    judge: ({ resource, tried, found: document, metadata, announced }) => {
      if (metadata === undefined)
        return found({
          what: 'No metadata of the resource is found',
          saw: tried.map(describeExchange).join('; '),
          fix:
            tried.map(findDocumentFix).find((it) => it !== undefined) ??
            `Serve RFC 9728 metadata${announced === undefined ? '' : ' at the URL of the challenge, on the same origin'}.`,
        })
      const named = metadata.resource
      const isNamed = typeof named === 'string'
      const fix = document === undefined ? undefined : findDocumentFix(document)
      if (named === resource && document !== undefined && fix !== undefined)
        return found({
          severity: 'warn',
          what: 'Strict clients refuse the metadata',
          saw: describeExchange(document),
          fix,
        })
      return named === resource
        ? pass()
        : found({
            what: isNamed
              ? `The metadata is of another resource${describeDifference(resource, named)}`
              : 'The metadata names no resource',
            saw: isNamed ? named : `resource: ${named === undefined ? 'not there' : describeValue(named)}`,
            expected: resource,
            fix: 'Publish the identifier that clients use, or use the published one, exactly.',
          })
    },
  },
  {
    id: 'P03',
    title: 'names the authorization server',
    severity: 'fail',
    why: 'The ID-JAG is addressed to the server that this list names.',
    needs: ['P02'],
    judge: (evidence) => {
      const servers = listAuthorizationServers(evidence)
      const { expectedIssuer } = evidence
      const saw = servers.join(' ')
      if (servers.length === 0)
        return found({
          what: 'The metadata names no authorization server',
          saw: 'authorization_servers: no valid issuer',
          fix: 'List the issuer of the authorization server.',
        })
      if (expectedIssuer !== undefined && !servers.includes(expectedIssuer))
        return found({
          what: `The metadata names another authorization server${describeDifference(expectedIssuer, servers[0] ?? '')}`,
          saw,
          expected: expectedIssuer,
          fix: 'List that server, or check against the one that is listed.',
        })
      return servers.length === 1 || expectedIssuer !== undefined
        ? pass(saw)
        : found({
            severity: 'warn',
            what: `${servers.length} servers are listed`,
            saw,
            fix: 'Pick one with --as.',
          })
    },
  },
  {
    id: 'P04',
    title: 'scopes documented, and known to the server',
    severity: 'warn',
    why: 'A scope that the server never grants sends agents in circles.',
    needs: ['P02'],
    judge: ({ metadata, knownScopes }) => {
      const scopes = listTexts(metadata?.scopes_supported)
      if (scopes === undefined)
        return found({
          what: 'The metadata documents no scopes',
          saw: 'scopes_supported: not there',
          fix: 'List the scopes that clients may request.',
        })
      if (knownScopes === undefined) return notApplicable
      const unknown = scopes.filter((scope) => !knownScopes.includes(scope))
      return unknown.length === 0
        ? pass(scopes.join(' '))
        : found({
            what: 'The resource advertises scopes that its server does not list',
            saw: unknown.join(' '),
            expected: knownScopes.join(' '),
            fix: 'Register them at the authorization server, or drop them.',
          })
    },
  },
  {
    id: 'P05',
    title: 'MCP tools only with a token',
    severity: 'warn',
    why: 'Names and descriptions of tools tell strangers what the server can do, and often they can call them too.',
    judge: ({ resource, challenge, openTools = [] }) => {
      if (!isMcp(resource) || challenge.status === undefined) return notApplicable
      return openTools.length === 0
        ? pass()
        : found({
            what: `Anyone can list the ${openTools.length} tools`,
            saw: openTools.slice(0, MAX_NAMES).join(', '),
            expected: '401 for `initialize` and `tools/list` without a token',
            fix: 'Require a token for every request to this address, before the MCP server sees it.',
          })
    },
  },
]
