// The measured effect of the kill switch, with a button to lift it. A kill stays until lifted.
import { Button } from '@mantine/core'
import { IconHandStop, IconPlayerPlay } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

import { sendChange } from '../../api/changes.ts'
import { useNames } from '../../session/names.ts'
import { useForbiddenReason } from '../../components/actions.tsx'
import { Facts } from '../../components/facts.tsx'
import { confirmWithReason } from '../../components/confirm.ts'
import { formatExact } from '../../components/time.tsx'
import { countText, text } from '../../texts/text.ts'
import { describeTarget, type Outcome, renderWorstCase } from './outcome.ts'
import { smallIcon } from '../../components/small-icon.tsx'

interface Lift {
  readonly id: string
  /** Lifted by another route than other blocks */
  readonly kill: boolean
  readonly name: string
  readonly lifted?: () => void
}

export function confirmLift({ id, kill, name, lifted }: Lift): void {
  const params = { id }
  confirmWithReason({
    title: text('kill.liftTitle', { name }),
    confirmLabel: text('kill.lift'),
    help: text('kill.liftHelp'),
    done: text('kill.lifted', { name }),
    async confirm(reason) {
      await (kill
        ? sendChange('kill.lift', { params, body: { reason } })
        : sendChange('blocks.lift', { params, reason }))
      lifted?.()
    },
  })
}

interface ResultProps {
  readonly outcome: Outcome
  readonly lifted: () => void
}

export function KillResult({ outcome, lifted }: ResultProps) {
  const forbiddenReason = useForbiddenReason()('kill.lift')
  const name = describeTarget(useNames(), outcome.target)
  const { kind, id } = outcome.target
  return (
    <section className="cw-card cw-kill-result" role="status">
      <div className="cw-row">
        <h2>
          <IconHandStop size={20} aria-hidden="true" className="cw-arrow" /> {text('kill.stopped', { name })}
        </h2>
        {forbiddenReason === undefined ? (
          <Button
            leftSection={smallIcon(IconPlayerPlay)}
            onClick={() => confirmLift({ id: outcome.id, kill: true, name, lifted })}
          >
            {text('kill.lift')}
          </Button>
        ) : null}
      </div>
      <KillMeasurements outcome={outcome} />
      {kind === 'everything' || id === undefined ? null : (
        <p>
          <Link to="/timeline" search={{ [kind]: id }}>
            {text('kill.timeline', { name })}
          </Link>
        </p>
      )}
    </section>
  )
}

export function KillMeasurements({ outcome }: { readonly outcome: Outcome }) {
  const { blockedAt, blockedMs, effectiveMs, tokensRevoked, sessionsEnded, told } = outcome
  return (
    <Facts
      facts={[
        [text('kill.refusing'), text('kill.refusingValue', { ms: blockedMs, at: formatExact(blockedAt) })],
        [
          text('servers.live'),
          tokensRevoked === 0
            ? text('kill.noneLive')
            : countText('kill.oneRevoked', 'kill.manyRevoked', tokensRevoked, { ms: effectiveMs }),
        ],
        sessionsEnded ? [text('kill.sessions'), text('value.yes')] : null,
        ...told.map(
          ({ audience, acknowledgedMs }) =>
            [
              text('kill.notified', { audience }),
              acknowledgedMs === null
                ? text('kill.notifyPending')
                : text('kill.notifiedValue', { ms: acknowledgedMs }),
            ] as const,
        ),
        [text('kill.worstCase'), renderWorstCase(outcome)],
      ]}
    />
  )
}
