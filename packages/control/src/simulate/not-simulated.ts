// Lists what a simulation leaves out or assumes. The list is never empty: no other server is involved, and no user
// signs in.
import type { Simulated, SimulationInput } from '@crosswalk/admin-api'
import { type ExchangeSnapshot, findEdges, isRelevant } from '@crosswalk/policy'
import type { OpenInput } from '@crosswalk/protocol'

import type { Parts } from '../parts.ts'
import { type Assumed, factsOf } from './simulated-exchange.ts'

type NotSimulated = Simulated['notSimulated'][number]

interface Asked {
  readonly input: SimulationInput
  readonly assumed: Assumed
  readonly snapshot: ExchangeSnapshot
}

export function listNotSimulated({ configuration }: Parts<'configuration'>, asked: Asked) {
  const { input, assumed } = asked
  const items: readonly (NotSimulated | false)[] = [
    {
      about: 'account',
      text: `The account and the final scopes at ${input.audience} (decided there).`,
    },
    {
      about: 'client',
      text:
        assumed.describedApp === undefined
          ? 'App authentication (assumed valid).'
          : 'App authentication and its metadata document (assumed valid).',
    },
    {
      about: 'session',
      text: 'The user’s session and subject token (assumed valid).',
    },
    ...listDefaults(asked),
    configuration.limits.tokenRequestsPerMinutePerClient > 0 && {
      about: 'rate',
      text: 'Rate limits of the app (assumed not reached).',
    },
    input.asOf !== undefined && {
      about: 'configuration',
      text: 'The configuration file at that time (assumed as it is now).',
    },
  ]
  return items.filter((item) => item !== false)
}

/** Assumptions for inputs that were not given, if any rule depends on them. */
function listDefaults({ input, assumed, snapshot }: Asked): readonly NotSimulated[] {
  const open = DEFAULTS.filter(
    ({ about }) => input[about] === undefined && input.unknown?.includes(about) !== true,
  )
  const inputs = open.map(({ about }) => about)
  const edges = findEdges({ facts: factsOf(assumed, snapshot), snapshot }, inputs)
  return open.filter(({ about }) => about === 'authTime' || isRelevant(about, edges))
}

const DEFAULTS = [
  { about: 'authTime', text: 'Time of sign-in (assumed now).' },
  {
    about: 'acr',
    text: 'Sign-in method, which a rule checks (assumed unknown).',
  },
  {
    about: 'ip',
    text: 'Source address, which a rule checks (assumed unknown).',
  },
  { about: 'dpop', text: 'DPoP proof, which a rule checks (assumed absent).' },
] as const satisfies readonly (NotSimulated & { readonly about: OpenInput })[]
