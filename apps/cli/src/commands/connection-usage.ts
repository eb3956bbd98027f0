// `crosswalk connection list --expiring --unused`: connections by how they are used.
import { readPages } from '@crosswalk/admin-api'

import { CliError } from '../cli-error.ts'
import { type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { writeList } from '../admin/write-list.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandTerminal } from '../terminal.ts'

export interface UsageOptions extends AdminOptions {
  readonly expiring?: string
  readonly unused?: string
  readonly limit: number
}

export function listUsage(terminal: CommandTerminal, options: UsageOptions): Promise<void> {
  return withAdmin(terminal, options, async (admin) => {
    const filters = {
      ...(options.expiring === undefined ? {} : { expiringWithinDays: parseDays(options.expiring) }),
      ...(options.unused === undefined ? {} : { unusedForDays: parseDays(options.unused) }),
    }
    const { items, truncated } = await readPages(
      options.limit,
      async (page) =>
        (await admin.client.call('connection-usage.list', { query: { ...filters, ...page } })).body,
    )
    const rows = items.map(({ connection, app, resourceApp, expiresAt, lastUsedAt, uses, people }) => [
      connection,
      app,
      resourceApp,
      expiresAt ?? 'never',
      lastUsedAt ?? 'never',
      `${uses} for ${people} people`,
    ])
    const headings = ['id', 'app', 'resource app', 'ends', 'last used', 'in 90 days']
    writeList(admin, { schema: 'crosswalk.connection-usage/v1', items, truncated, headings, rows })
  })
}

function parseDays(text: string): number {
  const [, days] = /^(\d{1,5})d$/.exec(text) ?? []
  if (days === undefined) throw new CliError(EXIT.usage, `${text} is no number of days`, 'write such as 30d')
  return Number(days)
}
