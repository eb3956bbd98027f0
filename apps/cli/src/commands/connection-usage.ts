// `crosswalk connection list --expiring --unused`: connections by how they are used.
import { CliError } from '../cli-error.ts'
import { type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { readPages, tellTruncated } from '../admin/pages.ts'
import { renderTable } from '../admin/table.ts'
import { EXIT } from '../exit-codes.ts'
import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

export interface UsageOptions extends AdminOptions {
  readonly expiring?: string
  readonly unused?: string
  readonly limit: number
}

export function listUsage(terminal: CommandTerminal, options: UsageOptions): Promise<void> {
  return withAdmin(terminal, options, async ({ client }) => {
    const filters = {
      ...(options.expiring === undefined ? {} : { expiringWithinDays: parseDays(options.expiring) }),
      ...(options.unused === undefined ? {} : { unusedForDays: parseDays(options.unused) }),
    }
    const { items, truncated } = await readPages(
      options.limit,
      async (page) => (await client.call('connection-usage.list', { query: { ...filters, ...page } })).body,
    )
    if (options.output === 'json')
      return writeJson(terminal, { schema: 'crosswalk.connection-usage/v1', items, truncated })
    const rows = items.map(({ connection, app, resourceApp, expiresAt, lastUsedAt, uses, people }) => [
      connection,
      app,
      resourceApp,
      expiresAt ?? 'never',
      lastUsedAt ?? 'never',
      `${uses} for ${people} people`,
    ])
    const headings = ['id', 'app', 'resource app', 'ends', 'last used', 'in 90 days']
    terminal.writeOut(renderTable(headings, rows))
    tellTruncated(terminal, truncated)
  })
}

function parseDays(text: string): number {
  const [, days] = /^(\d{1,5})d$/.exec(text) ?? []
  if (days === undefined) throw new CliError(EXIT.usage, `${text} is no number of days`, 'write such as 30d')
  return Number(days)
}
