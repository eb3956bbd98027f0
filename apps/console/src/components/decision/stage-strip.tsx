// The stage at which the request was decided: IdP, authorization server, or resource. Also shows other decisions of the same trace.
import { Link } from '@tanstack/react-router'

import { useApi } from '../../api/queries.ts'
import { text } from '../../texts/text.ts'
import { OutcomeChip } from '../chips.tsx'
import type { Decision } from './check-groups.ts'

const STAGES = ['idp', 'ras'] as const

export function StageStrip({ decision }: { readonly decision: Decision }) {
  const { data } = useApi(
    'explain',
    { body: { traceId: decision.trace_id } },
    { enabled: decision.mode === 'enforced' },
  )
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
