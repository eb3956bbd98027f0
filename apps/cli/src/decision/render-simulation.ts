// A simulated decision for people: the decision, then what the simulator says besides.
import type { Simulated, TokenPreview } from '@crosswalk/admin-api'

import { sanitize } from '../admin/table.ts'
import { labelled, renderDecision } from './render-decision.ts'

export function renderSimulation(simulated: Simulated): string {
  const lines = [...labelled('token', renderToken(simulated.token))]
  return renderDecision(simulated) + lines.map((line) => `${sanitize(line)}\n`).join('')
}

function renderToken(token: TokenPreview | null | undefined): readonly string[] {
  if (token === null || token === undefined) return []
  const claims = token.claims.map(({ name, value, origin, personal }) => ({
    claim: `${name}: ${JSON.stringify(value)}`,
    from: `from ${origin}${personal ? ', about the person' : ''}`,
  }))
  const width = Math.min(48, Math.max(...claims.map(({ claim }) => claim.length)))
  return [
    `example only, not signed · ${token.bytes} bytes`,
    ...claims.map(({ claim, from }) => `${claim.padEnd(width)}  ${from}`),
  ]
}
