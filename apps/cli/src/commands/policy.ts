// `crosswalk policy test`: runs policy tests from files, against a configuration file or a running server.
import type { SuiteReport, TestWorld } from '@crosswalk/policy'
import type { PolicySuite } from '@crosswalk/protocol'
import { type Command, Option } from 'commander'

import { type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { startProgress, whileWaiting } from '../progress/progress.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { writeJson } from '../output.ts'
import { DEFAULT_CONFIG } from '../configuration/configuration-file.ts'
import { loadWithoutSecrets } from '../policy/load-without-secrets.ts'
import { readSuite } from '../policy/read-suite.ts'
import { renderSuites } from '../policy/render-suites.ts'
import { renderTap } from '../policy/render-tap.ts'
import type { CommandTerminal } from '../terminal.ts'
import { addPolicyLintCommand } from './policy-lint.ts'
import { addPolicyReplayCommand } from './policy-replay.ts'

interface TestOptions {
  readonly config?: string
  readonly server?: string
  readonly output: 'text' | 'json' | 'tap' | 'junit'
  readonly mutate?: true
}

/** Offline, a long run delays no other request. */
const MAX_CASES = 1_000_000

export function addPolicyCommands(program: Command, terminal: CommandTerminal): void {
  const policy = program.commands.find((command) => command.name() === 'policy') ?? program.command('policy')
  policy.description('manage policies, lint and test them, and replay decisions under a draft')
  policy
    .command('test')
    .description('run policy tests against a configuration file, or against a server with --server')
    .argument('[files...]', 'test suites, YAML or JSON; default: those under `policyTests`')
    .option('-c, --config <file>', 'the configuration file to test; default: crosswalk.yaml')
    .addOption(new Option('--server <url>', 'public origin of the server to test').env('CROSSWALK_SERVER'))
    .addOption(
      new Option('-o, --output <format>', 'output format')
        .choices(['text', 'json', 'tap', 'junit'])
        .default('text')
        .env('CROSSWALK_OUTPUT'),
    )
    .option('--mutate', 'also find rules and clauses that no test covers; offline')
    .action((files: string[], options: TestOptions) => testPolicy(terminal, files, options))
  addPolicyLintCommand(policy, terminal)
  addPolicyReplayCommand(policy, terminal)
}

async function testPolicy(
  terminal: CommandTerminal,
  files: readonly string[],
  options: TestOptions,
): Promise<void> {
  // An explicit --config takes precedence over a server from the environment.
  const offline = options.config !== undefined || options.server === undefined
  if (!offline && options.mutate === true)
    throw new CliError(
      EXIT.usage,
      '--mutate needs the definitions',
      'name a configuration file with --config',
    )
  const loaded = offline ? await loadWorld(terminal, options.config ?? DEFAULT_CONFIG) : undefined
  const world = loaded?.world
  const suites = files.length === 0 ? [...(loaded?.kept ?? [])] : []
  for (const file of files) suites.push(await readSuite(terminal, file))
  const reports =
    world === undefined
      ? await whileWaiting(terminal, 'testing', runOnline(terminal, suites, options))
      : await runOffline(terminal, suites, world)
  if (reports.length === 0)
    throw new CliError(EXIT.usage, 'no tests to run', 'name files, or define suites under `policyTests`')
  const passed = reports.every((report) => report.passed)
  const survivors =
    world !== undefined && options.mutate === true && passed ? await mutate(suites, world) : undefined
  await show(terminal, options.output, {
    reports,
    passed,
    ...(survivors === undefined ? {} : { mutation: survivors }),
  })
  if (!passed) terminal.endWith(EXIT.negative)
}

type Shown = Parameters<typeof renderSuites>[0]

async function show(terminal: CommandTerminal, output: TestOptions['output'], shown: Shown): Promise<void> {
  if (output === 'json') return writeJson(terminal, { schema: 'crosswalk.policy-tests/v1', ...shown })
  if (output === 'text') return terminal.writeOut(renderSuites(shown))
  if (output === 'tap') return terminal.writeOut(renderTap(shown.reports))
  const { renderPolicyJunit } = await import('../policy/render-junit.ts')
  terminal.writeOut(renderPolicyJunit(shown.reports))
}

interface Loaded {
  readonly world: TestWorld
  /** The suites in the file itself */
  readonly kept: readonly PolicySuite[]
}

async function loadWorld(terminal: CommandTerminal, file: string): Promise<Loaded> {
  const { compileConfiguration, toSuite } = await import('@crosswalk/control')
  const configuration = await loadWithoutSecrets(terminal, file)
  const { snapshot, users } = await compileConfiguration(configuration)
  if (snapshot === undefined)
    throw new CliError(EXIT.usage, `${file} has no identity provider to test`, 'name a file with `idp:`')
  const kept = (configuration.idp?.policyTests ?? []).map(toSuite)
  return { world: { snapshot, users, nowMs: terminal.nowMs() }, kept }
}

async function runOffline(
  terminal: CommandTerminal,
  suites: readonly PolicySuite[],
  world: TestWorld,
): Promise<readonly SuiteReport[]> {
  const { runSuite } = await import('@crosswalk/policy')
  const progress = startProgress(terminal, { noun: 'suite', total: suites.length })
  const reports = suites.map((suite, done) => {
    progress.update(done)
    return runSuite(suite, world, MAX_CASES)
  })
  progress.end()
  return reports
}

async function mutate(suites: readonly PolicySuite[], world: TestWorld) {
  const { findSurvivors } = await import('@crosswalk/policy')
  return findSurvivors(suites, world, MAX_CASES)
}

async function runOnline(
  terminal: CommandTerminal,
  suites: readonly PolicySuite[],
  { server = '' }: TestOptions,
): Promise<readonly SuiteReport[]> {
  const reports: SuiteReport[] = []
  const options: AdminOptions = { server, output: 'text' }
  await withAdmin(terminal, options, async ({ client }) => {
    const run = async (suite: PolicySuite) => (await client.call('policies.test', { body: suite })).body
    const bodies = suites.length === 0 ? (await client.call('policies.test-kept', {})).body.items : []
    for (const suite of suites) bodies.push(await run(suite))
    for (const { schema: _, ...report } of bodies) reports.push(report as SuiteReport)
  })
  return reports
}
