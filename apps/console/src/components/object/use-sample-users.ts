// Users to try an assignment with: one active user of each group, and users assigned directly. A large directory is never read as a whole.
import { useQueries } from '@tanstack/react-query'

import { adminApi, type CallTo } from '../../api/client.ts'
import { type ItemOf, keyOf } from '../../api/queries.ts'
import { useCan } from '../../session/session.tsx'
import type { Assignments } from './assignment-fields.tsx'

type User = ItemOf<'users.list'>

export interface SampleUser {
  readonly user: User
  /** Undefined for a user assigned directly, or by everyone */
  readonly group: string | undefined
}

export interface SampleUsers {
  readonly samples: readonly SampleUser[]
  /** Requested groups without an active user */
  readonly emptyGroups: readonly string[]
  /** How many groups and users of the assignment were requested, of how many */
  readonly tried: number
  readonly of: number
  readonly isReady: boolean
  readonly error: Error | null
}

const MAX_GROUPS = 5
const MAX_USERS = 3

export function useSampleUsers(assignments: Assignments): SampleUsers {
  const enabled = useCan()('users.list')
  const sources = listQueries(assignments)
  const queries = useQueries({
    queries: sources.map(({ query }) => ({
      queryKey: keyOf('users.list', { query }),
      queryFn: async () => (await adminApi.call('users.list', { query })).body.items,
      enabled,
    })),
  })
  const found = sources.map(({ group }, place) => ({ group, users: queries[place]?.data }))
  return {
    samples: uniqueUsers(
      found.flatMap(({ group, users = [] }) =>
        users.filter(({ active }) => active).map((user) => ({ user, group })),
      ),
    ),
    emptyGroups: found.flatMap(({ group, users }) => (users?.length === 0 ? (group ?? []) : [])),
    tried: Math.min(assignments.groups.length, MAX_GROUPS) + Math.min(assignments.users.length, MAX_USERS),
    of: assignments.groups.length + assignments.users.length,
    isReady: queries.every(({ isPending }) => !isPending),
    error: queries.find(({ error }) => error !== null)?.error ?? null,
  }
}

interface AssignmentQuery {
  readonly group: string | undefined
  readonly query: NonNullable<CallTo<'users.list'>['query']>
}

function listQueries({ everyone, groups, users }: Assignments): readonly AssignmentQuery[] {
  if (everyone) return [{ group: undefined, query: { status: 'active', limit: MAX_USERS } }]
  const direct = users.slice(0, MAX_USERS)
  return [
    ...(direct.length === 0
      ? []
      : [{ group: undefined, query: { ids: direct.join('\n'), limit: MAX_USERS } }]),
    ...groups.slice(0, MAX_GROUPS).map((group) => ({ group, query: { group, status: 'active', limit: 1 } })),
  ]
}

function uniqueUsers(samples: readonly SampleUser[]): readonly SampleUser[] {
  return [...new Map(samples.toReversed().map((sample) => [sample.user.id, sample])).values()].toReversed()
}
