// An exchange that the simulator assumes, for tests: as the one of `exchange-world.ts`, nothing of it observed.
import { type AssumedExchange, assumeExchange } from '../simulation/assume-exchange.ts'
import { AUDIENCE, makeSnapshot, NOW_SECONDS, PEOPLE, TODO_RESOURCE } from './exchange-world.ts'

/** @returns the facts of agent0 asking for alice at todo0, who signed in just now, except for what is given */
export function assume(given: Partial<AssumedExchange> = {}, snapshot = makeSnapshot()) {
  return assumeExchange(
    {
      decisionId: 'dec_1',
      traceId: 'trc_1',
      nowMs: NOW_SECONDS * 1000,
      mode: 'simulated',
      app: 'agent0',
      userId: 'usr_alice',
      user: PEOPLE.alice,
      audience: AUDIENCE,
      resource: [TODO_RESOURCE],
      authTime: NOW_SECONDS,
      ...given,
    },
    snapshot,
  )
}
