// Generates a first policy test suite from existing connections: what each currently allows some of its users.
import type { Connection, User } from '../../api/objects.ts'
import { isAssigned } from '../../components/object/is-assigned.ts'

const MAX_TESTS = 20
const MAX_USERS = 3

export function buildStarter(connections: readonly Connection[], users: readonly User[]) {
  const tests = connections
    // A connection without scopes grants nothing.
    .filter(
      ({ status, state, scopes }) => status === 'active' && state?.held === undefined && scopes.length > 0,
    )
    .slice(0, MAX_TESTS)
    .flatMap(({ app, resourceApp, scopes, assignments }) => {
      const who = findUsers(assignments, users)
      if (who.length === 0) return []
      return [
        {
          name: `${app} reaches ${resourceApp} for its users`,
          who,
          app,
          at: resourceApp,
          ask: scopes,
          expect: { outcome: 'allow', scopes },
        },
      ]
    })
  return { suite: 'starter', tests: tests.length > 0 ? tests : [NOTHING] }
}

/** Without connections, a test that nothing is allowed still passes. */
const NOTHING = {
  name: 'nothing is allowed',
  who: 'any',
  app: 'any',
  at: 'any',
  ask: 'any',
  expect: { outcome: 'deny' },
} as const

function findUsers(assignments: Connection['assignments'], users: readonly User[]): readonly string[] {
  return users
    .filter((user) => user.active && user.state?.held === undefined && isAssigned(assignments, user))
    .slice(0, MAX_USERS)
    .map(({ username }) => `user:${username}`)
}
