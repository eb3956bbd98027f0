// Collects the checks of one evaluation. It continues after a failure; the first failure in order decides.
import type { Check, CheckFamily, CheckName, TokenFinding, XaaCode } from '@crosswalk/protocol'

export type CheckDetail = Omit<Check, 'id' | 'result' | 'code' | 'because'>

export interface Failure {
  readonly id: CheckName
  readonly code: XaaCode
}

export interface Checklist {
  readonly checks: readonly Check[]
  pass(id: CheckName, detail?: CheckDetail): void
  fail(id: CheckName, code: XaaCode, detail?: CheckDetail): void
  /** Not evaluated, because another check failed: the one with this name, or the first of this family. */
  skip(ids: readonly CheckName[], because: CheckName | CheckFamily): void
  notApplicable(id: CheckName): void
  /** Adds the findings of a token inspection. */
  take(findings: readonly TokenFinding[]): void
  /** The first failed check, in order. */
  failure(): Failure | undefined
}

export function createChecklist(): Checklist {
  const checks: Check[] = []
  let first: Failure | undefined

  const fail = (id: CheckName, code: XaaCode, detail?: CheckDetail) => {
    checks.push({ id, result: 'fail', code, ...detail })
    first ??= { id, code }
  }
  return {
    checks,
    pass: (id, detail) => void checks.push({ id, result: 'pass', ...detail }),
    fail,
    skip(ids, name) {
      const because = findFailed(checks, name)
      for (const id of ids) checks.push({ id, result: 'skipped', because })
    },
    notApplicable: (id) => void checks.push({ id, result: 'not_applicable' }),
    take: (findings) => {
      for (const finding of findings) {
        if (finding.code === undefined) {
          checks.push({ id: finding.id, result: 'pass' })
          continue
        }
        const { id, code, ...detail } = finding
        fail(id, code, detail)
      }
    },
    failure: () => first,
  }
}

function findFailed(checks: readonly Check[], name: string): string {
  const failed = checks.find(
    ({ id, result }) => result === 'fail' && (id === name || id.startsWith(`${name}.`)),
  )
  return failed?.id ?? name
}
