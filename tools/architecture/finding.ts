// A finding of a rule: the place, the rule, the reason and the fix.

export interface Finding {
  readonly file: string
  readonly line: number
  readonly rule: string
  readonly message: string
  readonly why: string
  readonly remedy: string
}

export function renderFinding(finding: Finding): string {
  const { file, line, rule, message, why, remedy } = finding
  return `${file}:${line}  ${rule}: ${message}\n    why: ${why}\n    fix: ${remedy}`
}
