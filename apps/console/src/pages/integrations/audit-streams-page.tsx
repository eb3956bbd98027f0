// Audit event streams: lag, errors, and replaying events.
import type { AuditStreamView } from '@crosswalk/admin-api'
import { IconAlertTriangle, IconCheck, IconRewindBackward10, IconSend } from '@tabler/icons-react'
import { Alert, NumberInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import type { AnswerTo } from '../../api/client.ts'
import { useApi } from '../../api/queries.ts'
import { type ChipState, StateChip, Token, Tokens } from '../../components/chips.tsx'
import { ChangeProblem } from '../../components/change-problem.tsx'
import { CodeBlock, Copyable } from '../../components/code-block.tsx'
import { Facts } from '../../components/facts.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { formatSpan } from '../../components/time.tsx'
import { countText, formatNumber, text } from '../../texts/text.ts'
import { deliveredFact, lastErrorFact, StreamCard } from './stream-card.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import { sendChange } from '../../api/changes.ts'
import { confirmWithForm } from '../../components/confirm.ts'
import { showDone } from '../../components/toasts.tsx'
import './integrations.css'

const EXAMPLE = `audit:
  streams:
    - id: disk
      type: file
      path: ./audit.ndjson`

export function Page() {
  const query = useApi('audit-streams.list', {})
  return (
    <>
      <PageHeader title={text('nav.streams')} lead={text('streams.lead')} />
      <Loaded query={query}>
        {({ body: { items } }) =>
          items.length === 0 ? (
            <EmptyState title={text('streams.none')}>
              <p>{text('streams.noneText')}</p>
              <div className="cw-example">
                <CodeBlock label={text('streams.example')} code={EXAMPLE} />
              </div>
            </EmptyState>
          ) : (
            <ul className="cw-plain-list cw-stream-list">
              {items.map((stream) => (
                <AuditStreamCard key={stream.id} stream={stream} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  )
}

const CHIPS: Readonly<Record<AuditStreamView['state'], ChipState>> = {
  current: 'ok',
  behind: 'pending',
  failing: 'error',
}

interface StreamProps {
  readonly stream: AuditStreamView
}

function AuditStreamCard({ stream }: StreamProps) {
  const { id, type, state } = stream
  const test = useMutation({
    mutationFn: () => sendChange('audit-streams.test', { params: { id }, body: {} }),
  })
  return (
    <StreamCard
      id={id}
      chip={<StateChip state={CHIPS[state]} label={text(`streams.${state}`)} />}
      actions={[
        {
          label: text('events.verify'),
          icon: smallIcon(IconSend),
          needs: 'audit-streams.test',
          disabled: type === 'file' ? text('streams.testFile') : undefined,
          run: () => test.mutate(),
        },
        {
          label: text('streams.replay'),
          icon: smallIcon(IconRewindBackward10),
          needs: 'audit-streams.replay',
          run: () => confirmReplay(stream),
        },
      ]}
    >
      <div role="status">
        {test.isPending ? text('streams.testing') : null}
        {test.data === undefined ? null : <TestResult result={test.data.body} to={stream.to} />}
      </div>
      {test.error === null ? null : <ChangeProblem error={test.error} />}
      <StreamFacts stream={stream} />
    </StreamCard>
  )
}

interface TestResultProps {
  readonly result: AnswerTo<'audit-streams.test'>
  /** Its address */
  readonly to: string
}

/** What the receiver did with the test event, in its own words if it refused. */
function TestResult({ result: { id, delivered, error, answer }, to }: TestResultProps) {
  if (delivered)
    return (
      <Alert
        color="green"
        variant="light"
        title={text(to.startsWith('udp:') ? 'streams.testSent' : 'streams.testDelivered')}
        icon={<IconCheck size={20} aria-hidden="true" />}
      >
        <Copyable what={text('streams.testId')} value={id} />
      </Alert>
    )
  return (
    <Alert
      color="red"
      variant="light"
      title={text('streams.testFailed', { error: error ?? '' })}
      icon={<IconAlertTriangle size={20} aria-hidden="true" />}
    >
      {answer ? (
        <CodeBlock label={text('streams.testAnswer')} code={answer} />
      ) : (
        text(answer === null ? 'streams.testUnanswered' : 'streams.testUnexplained')
      )}
    </Alert>
  )
}

function StreamFacts({ stream }: StreamProps) {
  const { to, type, format, types, lagEvents, lagSeconds, failures, abandoned, positions } = stream
  const span = formatSpan(lagSeconds * 1000)
  const lag = countText('streams.lagOne', 'streams.lagMany', lagEvents, { span })
  return (
    <Facts
      facts={[
        [
          text('streams.to'),
          <span className="cw-tokens">
            <Token>{type}</Token> <Token>{to}</Token>
          </span>,
        ],
        [text('streams.format'), format],
        [text('streams.types'), <Tokens items={types ?? []} empty={text('streams.allTypes')} />],
        [text('streams.lag'), lagEvents === 0 ? text('streams.lagNone') : lag],
        [text('streams.delivered'), deliveredFact(stream)],
        failures === 0
          ? null
          : [text('streams.failures'), countText('streams.failure', 'streams.failuresValue', failures)],
        abandoned === 0
          ? null
          : [
              text('events.abandoned'),
              <Link to="/audit" search={{ type: 'stream.abandoned' }}>
                {countText('streams.abandonedOne', 'streams.abandonedMany', abandoned)}
              </Link>,
            ],
        lastErrorFact(stream),
        [
          text('streams.positions'),
          <Tokens items={Object.entries(positions).map(([log, seq]) => `${log} ${formatNumber(seq)}`)} />,
        ],
      ]}
    />
  )
}

/**
 * Sets the position of a stream per log: backwards to replay events, forwards to skip some. Undo restores
 * the previous positions.
 */
function confirmReplay({ id, positions }: AuditStreamView): void {
  const replay = (after: AuditStreamView['positions'], reason: string) =>
    sendChange('audit-streams.replay', { params: { id }, body: { after, reason } })
  confirmWithForm({ ...positions }, (after, set) => ({
    title: text('streams.replayTitle', { id }),
    confirmLabel: text('streams.replay'),
    help: text('streams.replayHelp'),
    children: Object.entries(positions).map(([log, seq]) => (
      <NumberInput
        key={log}
        label={text('streams.after', { log })}
        description={text('streams.nowAt', { seq: formatNumber(seq) })}
        min={0}
        allowDecimal={false}
        value={after[log] ?? seq}
        onChange={(value) => set({ [log]: typeof value === 'number' ? value : seq })}
      />
    )),
    async confirm(reason) {
      const changed = Object.entries(after).filter(([log, seq]) => seq !== positions[log])
      await replay(Object.fromEntries(changed), reason)
      const before = Object.fromEntries(changed.map(([log]) => [log, positions[log] ?? 0]))
      showDone({
        message: text('streams.replayed', { id }),
        undo: () => replay(before, text('connection.undoReason')),
      })
    },
  }))
}
