// Runs suites of policy tests in a server, in steps, so that other callers get their turn.
import { runSteps } from '@crosswalk/as-core'
import {
  type ExchangeUser,
  listUsersAsked,
  stepSuite,
  type SuiteReport,
  type TestWorld,
} from '@crosswalk/policy'
import type { PolicySuite } from '@crosswalk/protocol'

import type { Users } from '../definitions/users/users.ts'

/** Maximum number of requests that one test may expand to. */
const MAX_CASES = 20_000

interface LiveWorld extends Omit<TestWorld, 'users'> {
  readonly users: Users
}

export async function runInTurns(suite: PolicySuite, { users, ...world }: LiveWorld): Promise<SuiteReport> {
  const asked = await readAsked(users, suite, world.snapshot)
  return runSteps(stepSuite(suite, { ...world, users: asked }, MAX_CASES))
}

/** @returns the users that the tests refer to, by id */
async function readAsked(
  users: Users,
  suite: PolicySuite,
  { comparedSources }: LiveWorld['snapshot'],
): Promise<ReadonlyMap<string, ExchangeUser>> {
  const { everyone, groups, names } = listUsersAsked(suite)
  if (everyone) return users.readAllForExchange(comparedSources)
  const ids = new Set(await users.listAssigned({ everyone, users: [...names], groups: [...groups] }))
  for (const name of names) for (const { id } of await users.findByName(name)) ids.add(id)
  const found = await users.findForExchange(ids, comparedSources)
  return new Map([...found].sort(([id], [other]) => (id < other ? -1 : 1)))
}
