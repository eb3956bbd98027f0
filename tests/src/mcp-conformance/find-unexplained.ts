// Compares the tool's findings with the explanations. Any check that neither passed nor is informational counts, including warnings and
// skipped checks.
import { EXPLAINED, NOT_RUN } from './explained.ts'
import type { ScenarioResult, ToolCommand } from './run-tool.ts'

/** @returns the scenarios of a command that do not run, for the reasons in `explained.ts` */
export function listNotRun(command: ToolCommand): readonly string[] {
  return NOT_RUN.filter((one) => one.command === command).flatMap(({ scenarios }) => scenarios)
}

/**
 * @param results - of every scenario that runs for this command
 * @returns a line per unexplained finding, and one per obsolete explanation
 */
export function findUnexplained(command: ToolCommand, results: readonly ScenarioResult[]): readonly string[] {
  const findings = listFindings(results)
  const entries = EXPLAINED.filter((one) => one.command === command)
  const explained = new Set(entries.flatMap((one) => one.findings))
  return [
    ...[...findings].filter(([key]) => !explained.has(key)).map(([key, text]) => `${key}: ${text}`),
    ...[...explained]
      .filter((key) => !findings.has(key))
      .map((key) => `${key}: explained, but not found any more`),
  ]
}

function listFindings(results: readonly ScenarioResult[]): ReadonlyMap<string, string> {
  const findings = new Map<string, string>()
  for (const { scenario, checks } of results) {
    for (const { id, status, errorMessage, description } of checks) {
      if (status !== 'SUCCESS' && status !== 'INFO')
        findings.set(`${scenario}: ${id}`, `${status}: ${errorMessage ?? description}`)
    }
  }
  return findings
}
