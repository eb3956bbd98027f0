// A simulated exchange for tests: the same as in `exchange-world.ts`, but assumed instead of observed.
import { type AssumedExchange, assumeExchange } from '../simulation/assume-exchange.ts'
import { AUDIENCE, makeSnapshot, NOW_SECONDS, USERS, TODO_RESOURCE } from './exchange-world.ts'

/** @returns the facts of agent0 requesting access for alice, who just signed in, to todo0, with the given changes */
export function assume(given: Partial<AssumedExchange> = {}, snapshot = makeSnapshot()) {
  return assumeExchange(
    {
      decisionId: 'dec_1',
      traceId: 'trc_1',
      nowMs: NOW_SECONDS * 1000,
      mode: 'simulated',
      app: 'agent0',
      userId: 'usr_alice',
      user: USERS.alice,
      audience: AUDIENCE,
      resource: [TODO_RESOURCE],
      authTime: NOW_SECONDS,
      ...given,
    },
    snapshot,
  )
}
