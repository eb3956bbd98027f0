// A simulated decision for people: the decision, then what the simulator says besides.
import type { Simulated, TokenPreview } from '@crosswalk/admin-api'

import { sanitize } from '../admin/table.ts'
import { labelled, nameOutcome, renderDecision } from './render-decision.ts'

export function renderSimulation(simulated: Simulated): string {
  const lines = [
    ...labelled(
      'unless',
      (simulated.nearestNo ?? []).map(
        ({ text, outcome, code }) => `${text} → ${nameOutcome(outcome, code)} ${code}`,
      ),
    ),
    ...labelled('token', renderToken(simulated.token)),
    ...labelled(
      'without',
      simulated.notSimulated.map(({ text }) => text),
    ),
  ]
  // What depends on something is not told as if it did not.
  const depends = labelled('depends', renderBranches(simulated.branches))
  return write(depends) + renderDecision(simulated) + write(lines)
}

function write(lines: readonly string[]): string {
  return lines.map((line) => `${sanitize(line)}\n`).join('')
}

/** Where only one case is left, what is unknown makes no difference. */
function renderBranches(branches: Simulated['branches'] = []): readonly string[] {
  return branches.map(({ when, outcome, code, scopes }) => {
    const holds =
      when.length === 0 ? 'whatever is unknown' : `if ${when.map(({ text }) => text).join(' and ')}`
    const granted = scopes.length === 0 ? '' : ` (${scopes.join(' ')})`
    return `${holds} → ${nameOutcome(outcome, code)} ${code}${granted}`
  })
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
