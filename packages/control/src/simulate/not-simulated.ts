// What a simulation leaves out or takes as given, in words for whoever reads its answer. There is always something: no
// other server is asked, and nobody signs in.
import type { Simulated, SimulationInput } from '@crosswalk/admin-api'
import { type ExchangeSnapshot, findEdges, isLookedAt } from '@crosswalk/policy'
import type { OpenInput } from '@crosswalk/protocol'

import type { AdminParts } from '../http/parts.ts'
import { type Assumed, factsOf } from './simulated-exchange.ts'

type NotSimulated = Simulated['notSimulated'][number]

interface Asked {
  readonly input: SimulationInput
  readonly assumed: Assumed
  readonly snapshot: ExchangeSnapshot
}

export function listNotSimulated({ configuration }: Pick<AdminParts, 'configuration'>, asked: Asked) {
  const { input, assumed } = asked
  const items: readonly (NotSimulated | false)[] = [
    {
      about: 'account',
      text: `Whether ${input.audience} finds an account for the person, and what it grants in the end. It is not asked.`,
    },
    {
      about: 'client',
      text:
        assumed.describedApp === undefined
          ? 'Whether the app proves who it is. It is taken to.'
          : 'Whether the app proves who it is, and what its metadata document says. Both are taken to be in order.',
    },
    {
      about: 'session',
      text: 'Whether the person is signed in, and the subject token stands. Both are taken as given.',
    },
    ...listDefaults(asked),
    configuration.limits.tokenRequestsPerMinutePerClient > 0 && {
      about: 'rate',
      text: 'Whether the app sends too many requests. It is taken not to.',
    },
    input.asOf !== undefined && {
      about: 'configuration',
      text: 'What the configuration file defined at that moment. It is taken as it is now.',
    },
  ]
  return items.filter((item) => item !== false)
}

/** What is taken for an input that was not given; those that nothing asks about are left out. */
function listDefaults({ input, assumed, snapshot }: Asked): readonly NotSimulated[] {
  const open = DEFAULTS.filter(
    ({ about }) => input[about] === undefined && input.unknown?.includes(about) !== true,
  )
  const inputs = open.map(({ about }) => about)
  const edges = findEdges({ facts: factsOf(assumed, snapshot), snapshot }, inputs)
  return open.filter(({ about }) => about === 'authTime' || isLookedAt(about, edges))
}

const DEFAULTS = [
  { about: 'authTime', text: 'Since when the person is signed in. It is taken as just now.' },
  {
    about: 'acr',
    text: 'How the person signed in, which is asked about here. It is taken as not known.',
  },
  {
    about: 'ip',
    text: 'From which address the request comes, which is asked about here. It is taken as not known.',
  },
  { about: 'dpop', text: 'A DPoP proof, which is asked about here. The request is taken to have none.' },
] as const satisfies readonly (NotSimulated & { readonly about: OpenInput })[]
