// The stage of a crossing at which the request was decided: at the IdP or the authorization server. Also shows other
// decisions of the same trace.
import { Link } from '@tanstack/react-router'

import { useApi } from '../../api/queries.ts'
import { text } from '../../texts/text.ts'
import { OutcomeChip } from '../chips.tsx'
import type { Decision } from './check-groups.ts'

const STAGES = ['idp', 'ras'] as const
/** Other grants, such as a sign-in, have one stage only. */
const OF_A_CROSSING: ReadonlySet<Decision['stage']> = new Set(['idp.token_exchange', 'ras.redemption'])

export function StageStrip({ decision }: { readonly decision: Decision }) {
  const isCrossing = OF_A_CROSSING.has(decision.stage)
  const { data } = useApi(
    'explain',
    { body: { traceId: decision.trace_id } },
    { enabled: isCrossing && decision.mode === 'enforced' },
  )
  if (!isCrossing) return null
  const related = data?.body.decisions ?? []
  return (
    <ol className="cw-stages" aria-label={text('decision.stages')}>
      {STAGES.map((stage) => {
        const here = decision.stage.startsWith(stage)
          ? decision
          : related.find((one) => one.stage.startsWith(stage))
        return (
          <li key={stage} aria-current={here === decision ? 'step' : undefined}>
            <span className="cw-stage-name">{text(`stage.${stage}`)}</span>
            {here === undefined ? (
              <span className="cw-quiet-text">{text('stage.notSeen')}</span>
            ) : here === decision ? (
              <OutcomeChip outcome={here.outcome} narrowed={here.narrowed.length > 0} />
            ) : (
              <Link to={`/decisions/${here.decision_id}`}>
                <OutcomeChip outcome={here.outcome} narrowed={here.narrowed.length > 0} />
              </Link>
            )}
          </li>
        )
      })}
    </ol>
  )
}
