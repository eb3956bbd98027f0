// A first suite of policy tests out of the connections there are: what each allows today, as a promise to keep.
import type { AnswerTo } from '@crosswalk/admin-api'

type Connection = AnswerTo<'connections.list'>['items'][number]

const MOST_TESTS = 20

export function buildStarter(connections: readonly Connection[]) {
  const tests = connections
    .filter(({ status, state }) => status === 'active' && state?.held === undefined)
    .slice(0, MOST_TESTS)
    .flatMap(({ app, resourceApp, scopes, assignments: { everyone, users, groups } }) => {
      const who = everyone
        ? ['any']
        : [...groups.map((group) => `group:${group}`), ...users.map((user) => `user:${user}`)]
      if (who.length === 0) return []
      return [
        {
          name: `${app} reaches ${resourceApp} for its people`,
          who: who.length === 1 ? who[0] : who,
          app,
          at: resourceApp,
          ...(scopes.length === 0 ? {} : { ask: scopes }),
          expect: { outcome: 'allow', ...(scopes.length === 0 ? {} : { scopes }) },
        },
      ]
    })
  return {
    suite: 'starter',
    tests:
      tests.length > 0
        ? tests
        : [
            {
              name: 'nothing is allowed',
              who: 'any',
              app: 'any',
              at: 'any',
              ask: 'any',
              expect: { outcome: 'deny' },
            },
          ],
  }
}
