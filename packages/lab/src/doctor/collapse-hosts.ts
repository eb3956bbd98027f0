// Merges findings about a host into one, however many issuers and resources are on it.
import { hideUserInfo } from '../http/hide-user-info.ts'
import type { Finding } from './finding.ts'

/** Checks of the host, not of the document or endpoint behind one URL. */
const HOST_CHECKS: ReadonlySet<string> = new Set(['N01', 'N02', 'E01', 'E03'])

const SEPARATOR = ', '

/** Whether a finding, perhaps of several subjects, is about this one. */
export function isAbout({ subject }: Finding, url: string): boolean {
  return subject.split(SEPARATOR).includes(hideUserInfo(url))
}

/** @returns the findings in order; for the same problem of the same host, only the first, which lists the other URLs */
export function collapseHosts(findings: readonly Finding[]): readonly Finding[] {
  const groups = Map.groupBy(findings.filter(isHostProblem), keyOf)
  return findings.flatMap((finding) => {
    const group = isHostProblem(finding) ? groups.get(keyOf(finding)) : undefined
    if (group === undefined) return [finding]
    const subjects = [...new Set(group.map(({ subject }) => subject))]
    return group[0] === finding ? [{ ...finding, subject: subjects.join(SEPARATOR) }] : []
  })
}

function isHostProblem({ id, result }: Finding): boolean {
  return HOST_CHECKS.has(id) && (result === 'fail' || (id === 'E03' && result === 'warn'))
}

/** The sentence names the host that failed: documents of one host can name keys at another. */
function keyOf({ id, subject, what = '' }: Finding): string {
  return `${id} ${URL.canParse(subject) ? new URL(subject).origin : subject} ${what}`
}
