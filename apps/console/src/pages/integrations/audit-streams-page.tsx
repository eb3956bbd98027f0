// The streams of audit events: how far each is behind, why, and sending events again.
import { Button } from '@mantine/core'
import type { AuditStreamView } from '@crosswalk/admin-api'
import { IconRewindBackward10 } from '@tabler/icons-react'
import { useState } from 'react'

import { useApi } from '../../api/queries.ts'
import { useWhyNot } from '../../components/actions.tsx'
import { type ChipState, StateChip, Token, Tokens } from '../../components/chips.tsx'
import { CodeBlock } from '../../components/code-block.tsx'
import { Facts } from '../../components/facts.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { formatSpan, RelativeTime } from '../../components/time.tsx'
import { formatNumber, text } from '../../texts/text.ts'
import { ReplayDialog } from './replay-dialog.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import './integrations.css'

const EXAMPLE = `audit:
  streams:
    - id: disk
      type: file
      path: ./audit.ndjson`

export function Page() {
  const query = useApi('audit-streams.list', {})
  const [replaying, setReplaying] = useState<AuditStreamView | undefined>(undefined)
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
                <StreamCard key={stream.id} stream={stream} replay={() => setReplaying(stream)} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <ReplayDialog stream={replaying} close={() => setReplaying(undefined)} />
    </>
  )
}

const CHIPS: Readonly<Record<AuditStreamView['state'], ChipState>> = {
  current: 'ok',
  behind: 'pending',
  failing: 'error',
}

interface StreamCardProps {
  readonly stream: AuditStreamView
  readonly replay: () => void
}

function StreamCard({ stream, replay }: StreamCardProps) {
  const whyNot = useWhyNot()('audit-streams.replay')
  return (
    <li className="cw-card">
      <div className="cw-row">
        <span className="cw-title-row">
          <h2>{stream.id}</h2>
          <StateChip state={CHIPS[stream.state]} label={text(`streams.${stream.state}`)} />
        </span>
        {whyNot === undefined ? (
          <Button leftSection={smallIcon(IconRewindBackward10)} onClick={replay}>
            {text('streams.replay')}
          </Button>
        ) : (
          <span className="cw-quiet-text">{whyNot}</span>
        )}
      </div>
      <StreamFacts stream={stream} />
    </li>
  )
}

function StreamFacts({ stream }: { readonly stream: AuditStreamView }) {
  const { to, type, format, types, lagEvents, lagSeconds, delivered, lastDeliveredAt } = stream
  const { failures, lastError, lastErrorAt, positions } = stream
  const lag = text('streams.lagValue', {
    events: formatNumber(lagEvents),
    span: formatSpan(lagSeconds * 1000),
  })
  return (
    <Facts
      facts={[
        [
          text('streams.to'),
          <span key="to" className="cw-tokens">
            <Token>{type}</Token> <Token>{to}</Token>
          </span>,
        ],
        [text('streams.format'), format],
        [text('streams.types'), <Tokens key="types" items={types ?? []} empty={text('streams.allTypes')} />],
        [text('streams.lag'), lagEvents === 0 ? text('streams.lagNone') : lag],
        [
          text('streams.delivered'),
          <span key="delivered">
            {text('streams.deliveredValue', { count: formatNumber(delivered), when: '' })}
            <RelativeTime moment={lastDeliveredAt} />
          </span>,
        ],
        failures === 0
          ? null
          : [text('streams.failures'), text('streams.failuresValue', { count: formatNumber(failures) })],
        lastError === null ? null : [text('streams.lastError'), lastErrorOf(lastError, lastErrorAt)],
        [
          text('streams.positions'),
          <Tokens
            key="positions"
            items={Object.entries(positions).map(([log, seq]) => `${log} ${formatNumber(seq)}`)}
          />,
        ],
      ]}
    />
  )
}

export function lastErrorOf(error: string, at: string | null) {
  return (
    <span>
      {error} <span className="cw-quiet-text">{at === null ? null : <RelativeTime moment={at} />}</span>
    </span>
  )
}
