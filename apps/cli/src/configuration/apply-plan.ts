// Applies a plan that was shown: stops if the server would reject it, asks for confirmation, then applies exactly
// that plan.
import type { AdminClient, CallTo, ConfigurationDocument, ConfigurationPlan } from '@crosswalk/admin-api'

import type { AdminCommand } from '../admin/admin-options.ts'
import { askConsent, type ConsentOptions } from '../admin/consent.ts'
import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { count } from '../output.ts'

export interface FetchedPlan {
  readonly body: CallTo<'configuration.plan'>['body']
  readonly plan: ConfigurationPlan
  /** ETag of exactly this plan */
  readonly etag: string
}

export interface ApplyOptions {
  readonly options: ConsentOptions & { readonly dryRun?: true; readonly overrideTests?: true }
  /** What to do if the server's configuration file defines what would change */
  readonly fixInFile: string
}

/** @param document - made by a command, with the sections of a configuration file */
export async function planDocument(
  client: AdminClient,
  document: ConfigurationDocument,
): Promise<FetchedPlan> {
  const body = { document, prune: false, setSecrets: false }
  const { body: plan, etag = '' } = await client.call('configuration.plan', { body })
  return { plan, body, etag }
}

/** Applies the plan of a document that a command made; `--print` saves it. @returns whether anything was changed */
export async function applyMadePlan(
  admin: AdminCommand,
  planned: FetchedPlan,
  options: ApplyOptions['options'],
): Promise<boolean> {
  const { problems } = planned.plan
  if (problems.length > 0)
    throw new CliError(
      EXIT.conflict,
      sanitize(problems.map(({ problem }) => problem).join('; ')),
      'save the plan with --print, fix it, and run `npx crosswalk apply plan.yaml`',
    )
  return applyPlan(admin, planned, {
    options,
    fixInFile: 'print the plan with --print, copy it to that file, and restart the server',
  })
}

/** The caller has already shown problems. @returns whether anything was changed */
export async function applyPlan(
  { client, terminal }: AdminCommand,
  { plan, body, etag }: FetchedPlan,
  { options, fixInFile }: ApplyOptions,
): Promise<boolean> {
  if (plan.changes.some(({ action }) => action === 'blocked'))
    throw new CliError(
      EXIT.conflict,
      'the configuration file of the server owns some of the changed objects; nothing was changed',
      fixInFile,
    )
  if (plan.changes.every(({ action }) => action === 'extra')) return false
  if (options.dryRun === true) {
    if (plan.failedTests.length > 0 && options.overrideTests !== true)
      throw new CliError(
        EXIT.conflict,
        `${count(plan.failedTests.length, 'policy test')} would fail, so it would not be applied`,
        'change less, or change the test; an owner or administrator can add --override-tests',
        { code: 'tests-fail' },
      )
    terminal.writeErr('dry run: nothing was changed\n')
    return false
  }
  const reason = await askConsent(terminal, options, { what: 'this plan would be applied', word: 'yes' })
  await client.call('configuration.apply', { body: { ...body, reason }, ifMatch: etag })
  return true
}
