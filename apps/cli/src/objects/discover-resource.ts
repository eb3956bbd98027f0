// The members of a new resource app, from what its API and authorization server publish.
import { toShellWord } from '@crosswalk/protocol'

import type { AdminCommand } from '../admin/admin-options.ts'
import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type { Members } from './flags.ts'

/** Warns of what the server found wrong. */
export async function discoverResource({ client, terminal }: AdminCommand, url: string): Promise<Members> {
  const { body } = await client.call('discover', { body: { url } })
  const { issuer, resource, scopes, facts, documents } = body
  const problems = facts.filter(({ result }) => result !== 'pass').map(({ text }) => text)
  if (issuer === null)
    throw new CliError(
      EXIT.negative,
      `no resource app can be read from ${url}: ${problems.join(' ')}`,
      `see \`npx crosswalk doctor --resource ${toShellWord(url)}\`, or name the members in a file`,
    )
  for (const problem of problems) terminal.writeErr(`! ${sanitize(problem)}\n`)
  const names = documents.map(({ document }) => document?.['resource_name'])
  const name = names.find((one) => typeof one === 'string') ?? new URL(url).host
  return { name, issuer, resources: resource === null ? [] : [{ id: resource, scopes }] }
}
