// Streams of security events: receivers of revocations, delay, and delivery errors.
import { Button } from '@mantine/core'
import type { EventStreamView } from '@crosswalk/admin-api'
import { IconSend } from '@tabler/icons-react'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { useList } from '../../api/queries.ts'
import { useWhyNot } from '../../components/actions.tsx'
import { StateChip, Token, Tokens } from '../../components/chips.tsx'
import { Facts } from '../../components/facts.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { EmptyState } from '../../components/states.tsx'
import { formatSpan, RelativeTime } from '../../components/time.tsx'
import { formatNumber, text } from '../../texts/text.ts'
import { lastErrorOf } from './audit-streams-page.tsx'
import { PagedItems } from '../../components/paged-items.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import './integrations.css'

export function Page() {
  const list = useList('security-event-streams.list')
  const [testing, setTesting] = useState<string | undefined>(undefined)
  const verify = useChange('security-event-streams.verify')
  return (
    <>
      <PageHeader title={text('nav.eventStreams')} lead={text('events.lead')} />
      <PagedItems
        list={list}
        empty={<EmptyState title={text('events.none')}>{text('events.noneText')}</EmptyState>}
      >
        {(streams) => (
          <ul className="cw-plain-list cw-stream-list">
            {streams.map((stream) => (
              <StreamCard key={stream.id} stream={stream} test={() => setTesting(stream.id)} />
            ))}
          </ul>
        )}
      </PagedItems>
      <ReasonDialog
        opened={testing !== undefined}
        close={() => setTesting(undefined)}
        title={text('events.verifyTitle', { id: testing ?? '' })}
        confirmLabel={text('events.verify')}
        reasonNeeded={false}
        done={text('events.verified')}
        confirm={(reason) => verify.mutateAsync({ params: { id: testing ?? '' }, body: {}, reason })}
        help={text('events.verifyHelp')}
      />
    </>
  )
}

interface StreamCardProps {
  readonly stream: EventStreamView
  readonly test: () => void
}

function StreamCard({ stream, test }: StreamCardProps) {
  const whyNot = useWhyNot()('security-event-streams.verify')
  return (
    <li className="cw-card">
      <div className="cw-row">
        <span className="cw-title-row">
          <h2>{stream.id}</h2>
          <Status stream={stream} />
        </span>
        {whyNot === undefined ? (
          <Button leftSection={smallIcon(IconSend)} onClick={test}>
            {text('events.verify')}
          </Button>
        ) : (
          <span className="cw-quiet-text">{whyNot}</span>
        )}
      </div>
      <StreamFacts stream={stream} />
    </li>
  )
}

function Status({ stream: { status, lastError, pending } }: Pick<StreamCardProps, 'stream'>) {
  if (status === 'enabled' && lastError !== null && pending > 0)
    return <StateChip state="error" label={text('events.failing')} />
  if (status === 'enabled') return <StateChip state="ok" label={text('events.enabled')} />
  return <StateChip state={status === 'paused' ? 'suspended' : 'off'} label={text(`events.${status}`)} />
}

function StreamFacts({ stream }: Pick<StreamCardProps, 'stream'>) {
  const { audience, method, endpoint = '', events, pending, lagSeconds, configured, receiver } = stream
  const { delivered, abandoned, lastDeliveredAt, lastLagMs, lastError, lastErrorAt } = stream
  const how = method === 'push' ? text('events.push', { endpoint }) : text('events.poll')
  const waiting = text('events.waitingValue', {
    count: formatNumber(pending),
    span: formatSpan(lagSeconds * 1000),
  })
  return (
    <Facts
      facts={[
        [text('events.audience'), <Token key="audience">{audience}</Token>],
        [text('events.method'), how],
        [text('events.setUpBy'), configured ? text('events.byFile') : (receiver ?? text('value.unknown'))],
        [text('events.types'), <Tokens key="types" items={events.map(shorten)} />],
        [text('events.waiting'), pending === 0 ? text('events.waitingNone') : waiting],
        [
          text('events.delivered'),
          <span key="delivered">
            {text('streams.deliveredValue', { count: formatNumber(delivered), when: '' })}
            <RelativeTime moment={lastDeliveredAt} />
          </span>,
        ],
        lastLagMs === null ? null : [text('events.lastLag'), `${formatNumber(lastLagMs)} ms`],
        abandoned === 0 ? null : [text('events.abandoned'), formatNumber(abandoned)],
        lastError === null ? null : [text('streams.lastError'), lastErrorOf(lastError, lastErrorAt)],
      ]}
    />
  )
}

/** Event types are URIs whose end says what they are. */
function shorten(type: string): string {
  return type.split('/').at(-1) ?? type
}
