// `crosswalk connection list --expiring --unused`: connections by usage.
import { InvalidArgumentError } from 'commander'

import { type ListSpec, alternativeList } from '../admin/route-commands.ts'
import { count } from '../output.ts'

const BY_USE: ListSpec<'connection-usage.list'> = {
  route: 'connection-usage.list',
  description: '',
  options: {
    expiringWithinDays: {
      flags: '--expiring <days>',
      description: 'only those that expire within this time, such as 30d',
      parse: parseDays,
    },
    unusedForDays: {
      flags: '--unused <days>',
      description: 'only those unused for this time, such as 90d',
      parse: parseDays,
    },
    mine: null,
    countDays: null,
  },
  schema: 'crosswalk.connection-usage/v1',
  columns: {
    id: ({ connection }) => connection,
    app: ({ app }) => app,
    'resource app': ({ resourceApp }) => resourceApp,
    ends: ({ expiresAt }) => expiresAt ?? 'never',
    'last used': ({ lastUsedAt }) => lastUsedAt ?? 'never',
    'in 90 days': ({ uses, people }) => `${uses} for ${count(people, 'user')}`,
  },
}

/** Replaces the plain list. */
export const USAGE = alternativeList(
  BY_USE,
  ({ expiring, unused }) => expiring !== undefined || unused !== undefined,
)

function parseDays(text: string): number {
  const [, days] = /^(\d{1,5})d$/.exec(text) ?? []
  if (days === undefined) throw new InvalidArgumentError('Write a number of days, such as 30d.')
  return Number(days)
}
