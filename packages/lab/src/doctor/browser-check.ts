// N07: whether a page of another origin may call a token endpoint or an API (CORS). Asked as a browser asks before the
// call, without credentials.
import type { Exchange, GuardedSender } from '../http/guarded-sender.ts'
import { type DoctorCheck, found, notApplicable, pass } from './finding.ts'

export interface BrowserEvidence {
  readonly url: string
  readonly origin: string
  /** Headers of the call that a browser asks permission for, in lower case */
  readonly headers: readonly string[]
  readonly preflight: Exchange
}

export async function gatherPreflight(
  sender: GuardedSender,
  asked: Omit<BrowserEvidence, 'preflight'>,
): Promise<BrowserEvidence> {
  const { url, origin, headers } = asked
  const preflight = await sender.send({
    method: 'OPTIONS',
    url,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': headers.join(','),
    },
  })
  return { ...asked, preflight }
}

export const BROWSER_CHECK: DoctorCheck<BrowserEvidence> = {
  id: 'N07',
  title: 'calls from pages of another origin',
  severity: 'warn',
  why: 'A browser keeps the response from a page whose origin the server does not allow.',
  judge({ url, origin, headers, preflight: { status, headers: answered } }) {
    if (status === undefined) return notApplicable
    const allowed = answered['access-control-allow-origin']
    const listed = (answered['access-control-allow-headers'] ?? '').toLowerCase().split(/\s*,\s*/)
    // A wildcard never includes Authorization (Fetch standard, section 4.9).
    const missing = headers.filter(
      (name) => !listed.includes(name) && (name === 'authorization' || !listed.includes('*')),
    )
    const isAllowed = status >= 200 && status < 300 && (allowed === '*' || allowed === origin)
    if (isAllowed && missing.length === 0) return pass(origin)
    return found({
      what: `Pages of ${origin} cannot call ${url}`,
      saw: `OPTIONS ${url} → ${status}, Access-Control-Allow-Origin: ${allowed ?? 'not there'}`,
      expected: `${origin}, and the headers ${headers.join(' ')}`,
      fix: 'Call it from the server of the app, which is safer. Or allow this origin there.',
    })
  },
}
