// E and N: whether the other side can be reached securely, and whether its clock agrees. Uses evidence only.
import { DAY_MS } from '@crosswalk/protocol'

import type { Exchange } from '../http/guarded-sender.ts'
import { findConnectionFault, TLS_CODE } from './connection-faults.ts'
import { type DoctorCheck, found, notApplicable, pass, runChecks, type Verdict } from './finding.ts'

export interface NetworkEvidence {
  readonly url: string
  /** In order; at least one */
  readonly exchanges: readonly Exchange[]
  /** The environment variable that names a proxy for it */
  readonly proxyVariable?: string
  readonly nowMs: number
}

const MAX_SKEW_SECONDS = 30
const CERTIFICATE_DAYS = 14

export const NETWORK_CHECKS: readonly DoctorCheck<NetworkEvidence>[] = [
  {
    id: 'N03',
    title: 'https, or http to loopback',
    severity: 'fail',
    why: 'Tokens and keys sent over plain http can be read and changed in transit.',
    judge: judgeTarget,
  },
  {
    id: 'E03',
    title: 'reachable without a proxy',
    severity: 'warn',
    why: 'Crosswalk connects directly: through a proxy, it could not refuse private addresses.',
    needs: ['N03'],
    judge: (evidence) => {
      const { exchanges, proxyVariable } = evidence
      const problem = findProblem(exchanges)
      if (proxyVariable === undefined) return notApplicable
      const host = hostOfProblem(evidence)
      return problem === undefined || !isUnreached(problem)
        ? pass()
        : found({
            what: `${host} cannot be reached directly, but perhaps through the proxy in ${proxyVariable}`,
            saw: `${problem.reason} ${problem.detail ?? ''}`.trim(),
            fix: `Let this machine, and every server that calls ${host}, connect to it directly.`,
          })
    },
  },
  {
    id: 'N01',
    title: 'name resolves to a permitted address',
    severity: 'fail',
    why: 'Without an address nothing else can be checked.',
    needs: ['N03'],
    judge: (evidence) => {
      const host = hostOfProblem(evidence)
      const problem = findProblem(evidence.exchanges)
      if (problem?.reason === 'address-refused')
        return found({
          what: `${host} has an address that is not public`,
          saw: 'a private or special-use address',
          fix: 'Serve it at a public address, or tell the server that fetches from it: `privateNetwork`, or keys under `jwks`.',
        })
      return /^(ENOTFOUND|EAI_\w+)$/.test(problem?.detail ?? '')
        ? found({
            what: `There is no address for ${host}`,
            saw: problem?.detail ?? '',
            fix: `Check the spelling of ${host}. If only an internal DNS server knows the name, run this where that server is used.`,
          })
        : pass()
    },
  },
  {
    id: 'N02',
    title: 'connection, certificate and host name',
    severity: 'fail',
    why: 'A server that does not respond, or has an invalid certificate, cannot be used.',
    needs: ['N01'],
    judge: judgeConnection,
  },
  {
    id: 'N04',
    title: 'no redirect',
    severity: 'fail',
    why: 'Documents and endpoints are requested at exactly the given URL; a redirect could lead to another party.',
    needs: ['N02'],
    judge: ({ exchanges }) => {
      const redirect = exchanges.find(isRedirect)
      if (redirect === undefined) return pass()
      const { request, status, headers } = redirect
      return found({
        what: 'The server redirects',
        saw: `${request.url} → ${status} ${headers.location ?? ''}`,
        fix: 'Serve the document at this URL without a redirect. If the redirect leads to the right issuer or resource, name that one everywhere.',
      })
    },
  },
  {
    id: 'E01',
    title: 'clocks agree',
    severity: 'fail',
    why: 'With clocks apart, tokens look expired or from the future.',
    needs: ['N02'],
    judge: judgeClock,
  },
]

export function isRedirect({ status = 0 }: { readonly status?: number | undefined }): boolean {
  return status >= 300 && status < 400
}

/** @returns why a request got no response, and the remedy; undefined if it got one */
export function findNetworkProblem(
  exchange: Exchange,
): { readonly what: string; readonly fix: string } | undefined {
  if (exchange.problem === undefined) return undefined
  const { url } = exchange.request
  // The time is compared only with headers and certificates of responses.
  const evidence = { url, exchanges: [exchange], nowMs: 0 }
  const { what, fix } =
    runChecks(NETWORK_CHECKS, evidence, { subject: url }).find(({ result }) => result === 'fail') ?? {}
  return what === undefined || fix === undefined ? undefined : { what, fix }
}

/** Metadata can name a URL that is not requested, such as that of the keys. */
function judgeTarget({ url, exchanges }: NetworkEvidence): Verdict {
  const { problem, request } = findFailed(exchanges) ?? {}
  const saw = request?.url ?? url
  switch (problem?.reason) {
    case 'scheme-refused':
      return found({
        what: `${saw} is neither https nor http to a loopback host`,
        saw,
        fix: 'Use https; only loopback may be http, in development.',
      })
    case 'port-refused':
      return found({
        what: `Crosswalk does not connect to port ${new URL(saw).port}`,
        saw,
        fix: 'Serve it at port 443, or at one above 1023.',
      })
    case 'not-a-url':
      return hasUserInfo(saw)
        ? found({
            what: 'The URL contains a user name',
            saw,
            fix: 'Remove the user name and the password: issuers and endpoints have none. Change the password, since others may have seen it.',
          })
        : found({
            what: `${URL.canParse(url) ? saw : url} is not a URL`,
            saw,
            fix: 'Write the complete URL, such as https://idp.example.com.',
          })
    default:
      return pass()
  }
}

function hasUserInfo(url: string): boolean {
  return URL.canParse(url) && `${new URL(url).username}${new URL(url).password}` !== ''
}

function judgeClock({ exchanges }: NetworkEvidence): Verdict {
  const { headers, receivedAtMs } = exchanges.find((one) => one.headers.date !== undefined) ?? {}
  if (headers?.date === undefined || receivedAtMs === undefined) return notApplicable
  const seconds = Math.round((receivedAtMs - Date.parse(headers.date)) / 1000) - readAge(headers.age)
  if (Number.isNaN(seconds)) return notApplicable
  return Math.abs(seconds) <= MAX_SKEW_SECONDS
    ? pass(`${Math.abs(seconds)} s apart`)
    : found({
        what: `The clock here is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`,
        saw: `Date: ${headers.date}`,
        expected: `at most ${MAX_SKEW_SECONDS} s apart`,
        fix: 'Turn on time synchronisation on both machines.',
      })
}

/** The date is that of the server; a cache adds for how many seconds it had the response (RFC 9111 section 5.1). */
function readAge(age = ''): number {
  return /^\d+$/.test(age) ? Number(age) : 0
}

function judgeConnection(evidence: NetworkEvidence): Verdict {
  const host = hostOfProblem(evidence)
  const { reason, detail = '' } = findProblem(evidence.exchanges) ?? {}
  const fault = findConnectionFault(detail)
  if (fault !== undefined) return found({ what: fault.what(host), saw: detail, fix: fault.fix })
  if (reason !== undefined)
    return found({
      what: reason === 'timeout' ? `${host} does not respond in time` : `${host} cannot be reached`,
      saw: `${reason} ${detail}`.trim(),
      fix: 'Check that the server runs, its port, and the firewalls between.',
    })
  return judgeCertificateEnd(evidence)
}

/** The hosts of metadata and keys can have different certificates; the one that expires first counts. */
function judgeCertificateEnd({ exchanges, nowMs }: NetworkEvidence): Verdict {
  const ends = exchanges.flatMap(({ request, certificateEndsMs }) =>
    certificateEndsMs === undefined ? [] : [{ host: hostOf(request.url), endsMs: certificateEndsMs }],
  )
  const [first] = ends.toSorted((one, other) => one.endsMs - other.endsMs)
  if (first === undefined) return pass()
  const days = Math.floor((first.endsMs - nowMs) / DAY_MS)
  if (days >= CERTIFICATE_DAYS) return pass(`the certificate is valid for ${days} days`)
  const time = days < 1 ? 'less than a day' : days === 1 ? '1 day' : `${days} days`
  return found({
    severity: 'warn',
    what: `The certificate of ${first.host} expires in ${time}`,
    saw: new Date(first.endsMs).toISOString(),
    fix: 'Renew it.',
  })
}

/** Not a refusal of our own, and not an invalid certificate. */
function isUnreached({ reason, detail = '' }: NonNullable<Exchange['problem']>): boolean {
  return ['timeout', 'unreachable'].includes(reason) && !TLS_CODE.test(detail)
}

function findFailed(exchanges: readonly Exchange[]): Exchange | undefined {
  return exchanges.find(({ problem }) => problem !== undefined)
}

function findProblem(exchanges: readonly Exchange[]): Exchange['problem'] {
  return findFailed(exchanges)?.problem
}

/** Metadata can name keys at another host, such as a public host name that does not exist yet. */
function hostOfProblem({ url, exchanges }: NetworkEvidence): string {
  return hostOf(findFailed(exchanges)?.request.url ?? url)
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}
