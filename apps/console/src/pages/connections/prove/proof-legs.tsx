// The legs of a proof in order: result of each server, and how to continue.
import type { Proof } from '@crosswalk/admin-api'
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

import { useApi } from '../../../api/queries.ts'
import { Token, Tokens } from '../../../components/chips.tsx'
import '../../../texts/en/proofs.ts'
import { text } from '../../../texts/text.ts'
import { pathOf } from '../../../components/object/object-path.ts'

type Leg = Proof['legs'][number]

const ICONS = {
  done: <IconCheck size={18} className="cw-check-pass" aria-hidden="true" />,
  refused: <IconX size={18} className="cw-check-fail" aria-hidden="true" />,
  skipped: <IconMinus size={18} className="cw-check-quiet" aria-hidden="true" />,
}

interface ProofLegsProps {
  readonly legs: readonly Leg[]
  /** The denial is explained below; the response says little. */
  readonly explained: boolean
}

export function ProofLegs({ legs, explained }: ProofLegsProps) {
  return (
    <ol className="cw-plain-list" aria-label={text('word.steps')}>
      {legs.map((leg) => (
        <li key={leg.leg} className={leg.outcome === 'refused' ? 'cw-check cw-check-failed' : 'cw-check'}>
          {ICONS[leg.outcome]}
          <div>
            <div className="cw-check-head">
              <strong>{text(`prove.leg.${leg.leg}`)}</strong>
              <span>{text(`prove.outcome.${leg.outcome}`)}</span>
              <span className="cw-quiet-text">{leg.server}</span>
              <Answer leg={leg} explained={explained} />
            </div>
            {explained || leg.problem === undefined ? null : <div>{leg.problem}</div>}
            {explained || leg.fix === undefined ? null : <div>{leg.fix}</div>}
          </div>
        </li>
      ))}
    </ol>
  )
}

interface AnswerProps extends Pick<ProofLegsProps, 'explained'> {
  readonly leg: Leg
}

function Answer({ leg, explained }: AnswerProps) {
  const { status, error, code, scope, ms, decision, outcome } = leg
  return (
    <>
      {status === undefined ? null : (
        <span className="cw-quiet-text">{text('prove.status', { status })}</span>
      )}
      {ms === undefined ? null : <span className="cw-quiet-text">{text('prove.ms', { ms })}</span>}
      {explained || code === undefined ? null : <Token>{code}</Token>}
      {error === undefined ? null : <Token>{error}</Token>}
      {scope === undefined ? null : <Tokens items={scope} />}
      {outcome === 'done' && decision !== undefined ? <DecisionLink id={decision} /> : null}
    </>
  )
}

/** Without a link if another server made the decision, since only that one has its record. */
function DecisionLink({ id }: { readonly id: string }) {
  const { data, isPending } = useApi('decisions.read', { params: { id } })
  if (data !== undefined) return <Link to={pathOf('decision', id)}>{text('word.decision')}</Link>
  return isPending ? null : <span className="cw-quiet-text">{text('prove.decisionThere', { id })}</span>
}
