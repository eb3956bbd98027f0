// The evaluated policies, clause by clause.
import { Link } from '@tanstack/react-router'

import { text } from '../../texts/text.ts'
import { StateChip, Token } from '../chips.tsx'
import type { Decision } from './check-groups.ts'
import { renderValue } from './check-list.tsx'
import { pathOf } from '../object/object-path.ts'

type Trace = Decision['policies'][number]

export function PolicyTraces({ decision }: { readonly decision: Decision }) {
  if (decision.policies.length === 0) return null
  return (
    <section className="cw-section">
      <h3>{text('word.policies')}</h3>
      {decision.policies.map(({ id, effect, state, applies, result, clauses }) => (
        <details key={id} open={applies} className="cw-check-group">
          <summary>
            <strong>{id}</strong>
            <Token>{effect}</Token>
            {state === 'report-only' ? <StateChip state="report-only" /> : null}
            <span className="cw-quiet-text">{describeMatch({ effect, applies, result })}</span>
          </summary>
          <p>
            <Link to={pathOf('policy', id)}>{text('policy.open', { id })}</Link>
          </p>
          <ul className="cw-plain-list">
            {clauses.map((clause) => (
              <li key={clause.text} className="cw-check">
                <span>
                  <code>{clause.text}</code>{' '}
                  <span className="cw-quiet-text">
                    {text('policy.saw', { value: renderValue(clause.value) })} ·{' '}
                    {clause.result === 'unknown'
                      ? text('value.unknown')
                      : text(clause.result ? 'policy.holds' : 'policy.holdsNot')}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  )
}

function describeMatch({ effect, applies, result }: Pick<Trace, 'effect' | 'applies' | 'result'>): string {
  if (!applies) return text('policy.appliesNot')
  const outcome = effect === 'deny' && result === 'fail' ? 'denies' : result
  return text(`policy.matches.${outcome}`)
}
