// Every change goes through one function. Affected reads are repeated afterwards; nothing is shown as done before the server confirms it.
import type { AdminAnswer } from '@crosswalk/admin-api'

import { adminApi, type AnswerTo, type CallTo, type RouteName } from './client.ts'
import { sendUnlessTestsFail } from './override.ts'
import { checkSession, queryClient } from './query-client.ts'

type ChangeOf<N extends RouteName> = CallTo<N> & {
  /** For the audit log, unless it is part of the body; empty for none */
  readonly reason?: string
}

/** Collections whose reads depend on more than the changed object. */
const ALSO_READ: Readonly<Record<string, readonly string[]>> = {
  groups: ['users'],
  users: ['groups'],
  blocks: ['connections', 'users', 'apps'],
  kill: ['blocks', 'connections', 'users', 'apps'],
  'access-requests': ['access-grants', 'connections', 'reach'],
  'access-grants': ['access-requests', 'connections', 'reach'],
  reviews: ['access-grants', 'connections'],
}

export async function sendChange<N extends RouteName>(
  name: N,
  { reason = '', ...call }: ChangeOf<N>,
): Promise<AdminAnswer<AnswerTo<N>>> {
  try {
    return await sendUnlessTestsFail(
      (options) => adminApi.call(name, call as unknown as CallTo<N>, options),
      reason,
    )
  } catch (error) {
    checkSession(error)
    throw error
  } finally {
    const collection = name.split('.')[0] ?? name
    const touched = [collection, 'audit', ...(ALSO_READ[collection] ?? [])]
    await Promise.all(touched.map((key) => queryClient.invalidateQueries({ queryKey: [key] })))
  }
}
