// Renders a simulated decision for the terminal, followed by what only the simulator knows.
import type { Simulated, TokenPreview } from '@crosswalk/admin-api'

import { sanitize } from '../admin/table.ts'
import {
  type DecisionScreen,
  labelled,
  nameOutcome,
  renderDecision,
  wrapLabelled,
} from './render-decision.ts'

export function renderSimulation(simulated: Simulated, screen: DecisionScreen): string {
  const wrap = wrapLabelled(screen)
  const lines = [
    ...labelled(
      'unless',
      (simulated.nearestNo ?? []).flatMap(({ text, outcome, code }) =>
        wrap(`${text} → ${nameOutcome(outcome, code)} ${code}`),
      ),
    ),
    ...labelled('token', renderToken(simulated)),
    ...labelled(
      'assumed',
      simulated.notSimulated.flatMap(({ text }) => wrap(text)),
    ),
  ]
  // Results that depend on unknown inputs come first, so that nothing reads as unconditional.
  const depends = labelled('depends', renderBranches(simulated.branches).flatMap(wrap))
  return write(depends) + renderDecision(simulated, screen) + write(lines)
}

function write(lines: readonly string[]): string {
  return lines.map((line) => `${sanitize(line)}\n`).join('')
}

/** With one branch left, the unknown inputs make no difference. */
function renderBranches(branches: Simulated['branches'] = []): readonly string[] {
  return branches.map(({ when, outcome, code, scopes }) => {
    const holds = when.length === 0 ? 'any unknown input' : `if ${when.map(({ text }) => text).join(' and ')}`
    const granted = scopes.length === 0 ? '' : ` (${scopes.join(' ')})`
    return `${holds} → ${nameOutcome(outcome, code)} ${code}${granted}`
  })
}

function renderToken({ token, tokenToday }: Simulated): readonly string[] {
  if (token === null || token === undefined) return []
  return [
    `example only, not signed · ${token.bytes} bytes`,
    ...renderClaims(token.claims, (claim) => markChange(claim, tokenToday)),
    ...renderAtResource(token.atResource),
  ]
}

type Claims = TokenPreview['claims']

function renderAtResource(claims: TokenPreview['atResource']): readonly string[] {
  if (claims === null) return []
  if (claims.length === 0) return ['', 'the API sees only the account']
  return ['', 'the API sees about the user', ...renderClaims(claims, () => '')]
}

function renderClaims(claims: Claims, mark: (claim: Claims[number]) => string): readonly string[] {
  const rows = claims.map((claim) => ({
    claim: `${mark(claim)}${claim.name}: ${JSON.stringify(claim.value)}`,
    from: `from ${claim.origin}${claim.personal ? ', about the user' : ''}`,
  }))
  const width = Math.min(48, Math.max(...rows.map(({ claim }) => claim.length)))
  return rows.map(({ claim, from }) => `${claim.padEnd(width)}  ${from}`)
}

/** Compares with the current token, if a draft is simulated. */
function markChange({ name, value }: TokenPreview['claims'][number], today: Simulated['tokenToday']): string {
  if (today === undefined) return ''
  const known = today?.claims.find((claim) => claim.name === name)
  if (known === undefined) return '+ '
  return JSON.stringify(known.value) === JSON.stringify(value) ? '  ' : '~ '
}
