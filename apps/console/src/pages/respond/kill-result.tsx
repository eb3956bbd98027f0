// The measured effect of the kill switch, with a button to lift it. A kill stays until lifted.
import { Button } from '@mantine/core'
import { IconHandStop, IconPlayerPlay } from '@tabler/icons-react'

import { useChange } from '../../api/changes.ts'
import { useNames } from '../../session/names.ts'
import { useWhyNot } from '../../components/actions.tsx'
import { Facts } from '../../components/facts.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { formatExact } from '../../components/time.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { describeTarget, type Outcome, renderWorstCase } from './outcome.ts'
import { useDialog } from '../../hooks/use-dialog.ts'
import { smallIcon } from '../../components/small-icon.tsx'

interface ResultProps {
  readonly outcome: Outcome
  readonly lifted: () => void
}

export function KillResult({ outcome, lifted }: ResultProps) {
  const asking = useDialog()
  const lift = useChange('kill.lift')
  const whyNot = useWhyNot()('kill.lift')
  const name = describeTarget(useNames(), outcome.target)
  return (
    <section className="cw-card cw-kill-result" role="status">
      <div className="cw-row">
        <h2>
          <IconHandStop size={20} aria-hidden="true" className="cw-arrow" /> {text('kill.stopped', { name })}
        </h2>
        {whyNot === undefined ? (
          <Button leftSection={smallIcon(IconPlayerPlay)} onClick={asking.open}>
            {text('kill.lift')}
          </Button>
        ) : null}
      </div>
      <Measured outcome={outcome} />
      <ReasonDialog
        {...asking.props}
        title={text('kill.liftTitle', { name })}
        confirmLabel={text('kill.lift')}
        confirm={async (reason) => {
          await lift.mutateAsync({ params: { id: outcome.id }, body: { reason: reason ?? '' } })
          showDone({ message: text('kill.lifted', { name }) })
          lifted()
        }}
        help={text('kill.liftHelp')}
      />
    </section>
  )
}

export function Measured({ outcome }: { readonly outcome: Outcome }) {
  const { blockedAt, blockedMs, effectiveMs, tokensRevoked, sessionsEnded, told, worstCaseSeconds } = outcome
  return (
    <Facts
      facts={[
        [text('kill.refusing'), text('kill.refusingValue', { ms: blockedMs, at: formatExact(blockedAt) })],
        [text('servers.live'), text('kill.tokensValue', { count: tokensRevoked, ms: effectiveMs })],
        sessionsEnded ? [text('kill.sessions'), text('value.yes')] : null,
        ...told.map(
          ({ audience, acknowledgedMs }) =>
            [
              text('kill.told', { audience }),
              acknowledgedMs === null
                ? text('kill.toldTrying')
                : text('kill.toldValue', { ms: acknowledgedMs }),
            ] as const,
        ),
        [text('kill.worstCase'), renderWorstCase(worstCaseSeconds)],
      ]}
    />
  )
}
