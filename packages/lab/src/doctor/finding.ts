// The checks of `doctor` and `flow`, and their findings. Checks are pure: they judge evidence gathered before.
import { hideUserInfo } from '../http/hide-user-info.ts'

export type Severity = 'fail' | 'warn' | 'info'

/** A check's judgement of the evidence. */
export type Verdict =
  | { readonly result: 'pass'; readonly saw?: string }
  | {
      readonly result: 'found'
      /** One sentence: the problem */
      readonly what: string
      readonly saw: string
      readonly expected?: string
      readonly fix: string
      /** If it differs from the check's usual severity */
      readonly severity?: Severity
    }
  | { readonly result: 'not_applicable' }

export interface DoctorCheck<Evidence> {
  /** Stable, for example `M02` */
  readonly id: string
  /** The subject of the check */
  readonly title: string
  readonly severity: Severity
  /** Why it matters, in one sentence */
  readonly why: string
  /** Ids of checks that this one depends on */
  readonly needs?: readonly string[]
  judge(evidence: Evidence): Verdict
}

export interface Finding {
  readonly id: string
  readonly title: string
  /** The checked issuer, URL or file */
  readonly subject: string
  readonly result: 'pass' | Severity | 'skipped'
  readonly what?: string
  readonly saw?: string
  readonly expected?: string
  readonly why?: string
  readonly fix?: string
  /** For a skipped check: the failed check that it depends on */
  readonly because?: string
}

export const pass = (saw?: string): Verdict =>
  saw === undefined ? { result: 'pass' } : { result: 'pass', saw }
export const notApplicable: Verdict = { result: 'not_applicable' }
export const found = (problem: Omit<Extract<Verdict, { result: 'found' }>, 'result'>): Verdict => ({
  result: 'found',
  ...problem,
})

/** Finds a product-specific wording of a fix. */
export type FindFix = (id: string) => string | undefined

export interface RunOptions {
  readonly subject: string
  readonly findFix?: FindFix
  /** A failed check outside of these, which causes all of them to be skipped */
  readonly because?: string
}

/**
 * @returns one finding per applicable check; checks that depend on a failed one are skipped, and name it. None shows a
 *   password of a URL.
 */
export function runChecks<Evidence>(
  checks: readonly DoctorCheck<Evidence>[],
  evidence: Evidence,
  { subject, findFix = () => undefined, because }: RunOptions,
): readonly Finding[] {
  const roots = new Map<string, string>()
  const findings = checks.flatMap((check): readonly Finding[] => {
    const { id, title, needs = [] } = check
    const base = { id, title, subject }
    const root = because ?? needs.map((need) => roots.get(need)).find((it) => it !== undefined)
    if (root !== undefined) {
      roots.set(id, root)
      return [{ ...base, result: 'skipped', because: root }]
    }
    const verdict = check.judge(evidence)
    if (verdict.result === 'not_applicable') return []
    if (verdict.result === 'pass')
      return [{ ...base, result: 'pass', ...(verdict.saw === undefined ? {} : { saw: verdict.saw }) }]
    const { result: _, severity = check.severity, fix, ...details } = verdict
    if (severity === 'fail') roots.set(id, id)
    return [{ ...base, result: severity, ...details, why: check.why, fix: findFix(id) ?? fix }]
  })
  return findings.map(showFinding)
}

function showFinding(finding: Finding): Finding {
  const texts = Object.entries(finding) as readonly [string, string][]
  return Object.fromEntries(texts.map(([name, text]) => [name, hideUserInfo(text)])) as unknown as Finding
}
