// `crosswalk export`, `diff` and `apply`: export definitions as files, compare files with a server, and apply them.
import { type Command, Option } from 'commander'
import { stringify } from 'yaml'

import {
  addAdminOptions,
  type AdminCommand,
  type AdminOptions,
  overrideOption,
  withAdmin,
} from '../admin/admin-options.ts'
import { applyPlan, type FetchedPlan } from '../configuration/apply-plan.ts'
import { type Draft, loadDraft } from '../configuration/load-draft.ts'
import { renderPlan } from '../configuration/render-plan.ts'
import { EXIT } from '../exit-codes.ts'
import { createTextWriter, writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

interface PlanOptions extends AdminOptions {
  readonly prune?: boolean
  readonly setSecrets?: boolean
}
interface ApplyOptions extends PlanOptions {
  readonly reason?: string
  readonly yes?: true
  readonly dryRun?: true
}

export function addConfigurationCommands(program: Command, terminal: CommandTerminal): void {
  const copy = program
    .command('export')
    .description('export all definitions as one configuration document, without secrets')
    .addOption(
      new Option('--owner <owner>', 'only objects owned by the file, or by the database').choices([
        'file',
        'database',
      ]),
    )
  addAdminOptions(copy).action((options: AdminOptions & { owner?: 'file' | 'database' }) =>
    withAdmin(terminal, options, (admin) => exportDocument(admin, options.owner)),
  )
  const diff = addPlanOptions(
    program
      .command('diff')
      .description('compare documents with the server, and show who changed what differs'),
  )
  addAdminOptions(diff).action((files: string[], options: PlanOptions) =>
    withAdmin(terminal, options, (admin) => showDifferences(admin, files, options)),
  )
  const apply = addPlanOptions(
    program.command('apply').description('apply documents to the server, all or nothing'),
  )
    .option('--dry-run', 'show the plan and its problems, and change nothing')
    .option('--reason <text>', 'why, for the audit log')
    .option('--yes', 'apply without asking')
    .addOption(overrideOption())
  addAdminOptions(apply).action((files: string[], options: ApplyOptions) =>
    withAdmin(terminal, options, (admin) => applyFiles(admin, files, options)),
  )
}

function addPlanOptions(command: Command): Command {
  return command
    .argument(
      '<files...>',
      'YAML or JSON with sections of a configuration file, merged; - for standard input',
    )
    .option('--prune', 'delete database objects that the documents do not list')
    .option('--set-secrets', 'also set passwords and client secrets of existing objects')
}

async function exportDocument(
  { client, terminal, options }: AdminCommand,
  owner: 'file' | 'database' | undefined,
): Promise<void> {
  const { body } = await client.call('configuration.export', { query: owner === undefined ? {} : { owner } })
  if (options.output === 'json') return writeJson(terminal, body)
  terminal.writeOut(stringify(body.document, { aliasDuplicateObjects: false }))
  if (body.variables.length > 0)
    terminal.writeErr(`secrets are omitted; set these variables: ${body.variables.join(' ')}\n`)
}

interface PlannedFiles extends FetchedPlan {
  readonly draft: Draft
}

async function makePlan(
  { client, terminal }: AdminCommand,
  files: readonly string[],
  { prune = false, setSecrets = false }: PlanOptions,
): Promise<PlannedFiles> {
  const draft = await loadDraft(terminal, files, 'documents')
  const body = { document: draft.document, prune, setSecrets }
  const { body: plan, etag = '' } = await draft.ask('/document', () =>
    client.call('configuration.plan', { body }),
  )
  return { draft, body, plan, etag }
}

async function showDifferences(
  admin: AdminCommand,
  files: readonly string[],
  options: PlanOptions,
): Promise<void> {
  const { terminal } = admin
  const { plan, draft } = await makePlan(admin, files, options)
  if (options.output === 'json') writeJson(terminal, plan)
  else terminal.writeOut(renderPlan(plan))
  if (plan.problems.length > 0) throw draft.fail(plan.problems)
  if (plan.changes.length > 0) terminal.endWith(EXIT.negative)
}

async function applyFiles(
  admin: AdminCommand,
  files: readonly string[],
  options: ApplyOptions,
): Promise<void> {
  const { terminal } = admin
  const planned = await makePlan(admin, files, options)
  const { plan, draft } = planned
  const show = createTextWriter(terminal, options.output)
  show(renderPlan(plan))
  if (plan.problems.length > 0) throw draft.fail(plan.problems)
  const isApplied = await applyPlan(admin, planned, {
    options,
    fixInFile: 'change it in that file and restart the server, or match it in the documents',
  })
  if (isApplied) show('✓ applied\n')
  if (options.output === 'json') writeJson(terminal, plan)
}
