// Prints findings in the chosen format, and sets the exit code.
import type { Finding } from '@crosswalk/lab'

import { EXIT } from '../exit-codes.ts'
import { type OutputFormat, writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'
import { renderDoctorJunit, renderSarif } from './render-for-builds.ts'
import { renderChanges, renderFindings } from './render-findings.ts'
import type { Changes } from './since-last.ts'

export interface ReportOptions {
  readonly output: OutputFormat | 'junit' | 'sarif'
  readonly config?: string
  readonly strict?: true
  readonly verbose?: true
}

export function report(
  terminal: CommandTerminal,
  options: ReportOptions,
  findings: readonly Finding[],
): void {
  const failed = findings.some(({ result }) => result === 'fail')
  const { output, config, strict = false, verbose = false } = options
  if (output === 'json') writeJson(terminal, { schema: 'crosswalk.doctor/v1', ok: !failed, findings })
  else if (output === 'junit') terminal.writeOut(renderDoctorJunit(findings, { strict }))
  else if (output === 'sarif') terminal.writeOut(renderSarif(findings, config))
  else terminal.writeOut(renderFindings(findings, { verbose }))
  endBy(terminal, findings, strict)
}

/** Known problems neither count nor are shown again. */
export function reportChanges(terminal: CommandTerminal, options: ReportOptions, changes: Changes): void {
  const { added, resolved, since = null } = changes
  const { output, strict = false } = options
  if (output === 'text') terminal.writeOut(renderChanges(changes))
  else if (output === 'json') {
    const ok = !added.some(({ result }) => result === 'fail')
    writeJson(terminal, { schema: 'crosswalk.doctor/v1', ok, findings: added, resolved, since })
  } else return report(terminal, options, added)
  endBy(terminal, added, strict)
}

export function endBy(terminal: CommandTerminal, findings: readonly Finding[], strict = false): void {
  const has = (result: Finding['result']) => findings.some((finding) => finding.result === result)
  if (has('fail')) terminal.endWith(EXIT.negative)
  else if (strict && has('warn')) terminal.endWith(EXIT.warnings)
}
