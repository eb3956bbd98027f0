// `crosswalk policy lint`: finds policies that are valid, but cannot do what their author expects.
import type { RuleFinding } from '@crosswalk/policy'
import { renderPointer } from '@crosswalk/protocol'
import { type Command, Option } from 'commander'

import { withAdmin } from '../admin/admin-options.ts'
import { sanitize } from '../admin/table.ts'
import { addExample } from '../example.ts'
import { EXIT } from '../exit-codes.ts'
import { count, outputOption, type OutputFormat, writeJson } from '../output.ts'
import { DEFAULT_CONFIG } from '../configuration/configuration-file.ts'
import { loadWithoutSecrets } from '../policy/load-without-secrets.ts'
import type { CommandTerminal } from '../terminal.ts'

interface LintOptions {
  readonly config?: string
  readonly server?: string
  readonly output: OutputFormat
}

interface LintReport {
  readonly policies: number
  readonly items: readonly LintFinding[]
}

interface LintFinding extends Omit<RuleFinding, 'path'> {
  /** A JSON Pointer into the policy */
  readonly path: string
  /** `crosswalk.yaml:7`, of the policy; absent for policies of a server */
  readonly place?: string
}

export function addPolicyLintCommand(policy: Command, terminal: CommandTerminal): void {
  addExample(policy.command('lint'), 'npx crosswalk policy lint --config crosswalk.yaml')
    .description(
      'find policies that cannot work as written: unknown names, clauses never true together, rules that others make pointless',
    )
    .option('-c, --config <file>', 'the configuration file to check; default: crosswalk.yaml')
    .addOption(new Option('--server <url>', 'public origin of the server to check').env('CROSSWALK_SERVER'))
    .addOption(outputOption())
    .action(async (options: LintOptions) => {
      // An explicit --config takes precedence over a server from the environment.
      const isOffline = options.config !== undefined || options.server === undefined
      const report = isOffline
        ? await lintFile(terminal, options.config ?? DEFAULT_CONFIG)
        : await lintServer(terminal, options.server ?? '')
      if (options.output === 'json') writeJson(terminal, { schema: 'crosswalk.policy-lint/v1', ...report })
      else terminal.writeOut(renderReport(report))
      if (report.items.some(({ severity }) => severity === 'warning')) terminal.endWith(EXIT.negative)
    })
}

async function lintServer(terminal: CommandTerminal, server: string): Promise<LintReport> {
  let report: LintReport = { policies: 0, items: [] }
  await withAdmin(terminal, { server, output: 'text' }, async ({ client }) => {
    report = (await client.call('policies.lint', {})).body
  })
  return report
}

async function lintFile(terminal: CommandTerminal, file: string): Promise<LintReport> {
  const { createPolicyLinter } = await import('@crosswalk/policy')
  const configuration = await loadWithoutSecrets(terminal, file)
  const { policies = [], apps = [], resourceApps = [], connections = [] } = configuration.idp ?? {}
  const found = createPolicyLinter({ apps, resourceApps, connections })(policies)
  const items = found.map(({ path, ...finding }) => ({
    ...finding,
    path: renderPointer(path),
    place: `${file}:${configuration.origin?.lines[`policies/${finding.policy}`] ?? 1}`,
  }))
  return { policies: policies.length, items }
}

function renderReport({ policies, items }: LintReport): string {
  const warnings = items.filter(({ severity }) => severity === 'warning').length
  const head =
    warnings === 0
      ? `✓ ${count(policies, 'policy')}, no warnings`
      : `✕ ${count(warnings, 'warning')} in ${count(policies, 'policy')}`
  const lines = items.flatMap(({ policy, severity, path, problem, fix, place }) => [
    `${severity === 'warning' ? '!' : 'i'} ${place === undefined ? '' : `${place}: `}policy ${policy}${path}: ${problem}`,
    `  fix: ${fix}`,
  ])
  return `${[head, ...lines].map(sanitize).join('\n')}\n`
}
