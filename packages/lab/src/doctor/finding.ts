// What a check of `doctor` and `flow` is, and what it found. Checks are pure: they judge evidence gathered before.

export type Severity = 'fail' | 'warn' | 'info'

/** What a check says of the evidence. */
export type Verdict =
  | { readonly result: 'pass'; readonly saw?: string }
  | {
      readonly result: 'found'
      /** One sentence: what is wrong */
      readonly what: string
      readonly saw: string
      readonly expected?: string
      readonly fix: string
      /** Where it is less, or more, than the check usually is */
      readonly severity?: Severity
    }
  | { readonly result: 'not_applicable' }

export interface Check<Evidence> {
  /** Stable, for example `M02` */
  readonly id: string
  /** What is looked at */
  readonly title: string
  readonly severity: Severity
  /** Why it matters, in one sentence */
  readonly why: string
  /** Ids of checks without which this one says nothing */
  readonly needs?: readonly string[]
  judge(evidence: Evidence): Verdict
}

export interface Finding {
  readonly id: string
  readonly title: string
  /** What was checked: an issuer, a URL, a file */
  readonly subject: string
  readonly result: 'pass' | Severity | 'skipped'
  readonly what?: string
  readonly saw?: string
  readonly expected?: string
  readonly why?: string
  readonly fix?: string
  /** The check that failed before it, of a skipped one */
  readonly because?: string
}

export const pass = (saw?: string): Verdict =>
  saw === undefined ? { result: 'pass' } : { result: 'pass', saw }
export const notApplicable: Verdict = { result: 'not_applicable' }
export const found = (problem: Omit<Extract<Verdict, { result: 'found' }>, 'result'>): Verdict => ({
  result: 'found',
  ...problem,
})

/** Better words for a fix, for the product that was looked at. */
export type FindFix = (id: string) => string | undefined

export interface RunOptions {
  readonly subject: string
  readonly findFix?: FindFix
  /** A failed check outside of these, because of which all of them are skipped */
  readonly because?: string
}

/** @returns one finding per applicable check; whatever needs a failed one is skipped, and says because of which */
export function runChecks<Evidence>(
  checks: readonly Check<Evidence>[],
  evidence: Evidence,
  { subject, findFix = () => undefined, because }: RunOptions,
): readonly Finding[] {
  const roots = new Map<string, string>()
  return checks.flatMap((check): readonly Finding[] => {
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
    const { result: _, severity = check.severity, fix, ...told } = verdict
    if (severity === 'fail') roots.set(id, id)
    return [{ ...base, result: severity, ...told, why: check.why, fix: findFix(id) ?? fix }]
  })
}
