// Streams of security events: receivers of revocations, delay, and delivery errors.
import type { EventStreamView } from '@crosswalk/admin-api'
import { IconSend } from '@tabler/icons-react'

import { sendChange } from '../../api/changes.ts'
import { useList } from '../../api/queries.ts'
import { StateChip, Token, Tokens } from '../../components/chips.tsx'
import { Facts } from '../../components/facts.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { confirmWithReason } from '../../components/confirm.ts'
import { type Names, useNames } from '../../session/names.ts'
import { EmptyState } from '../../components/states.tsx'
import { formatSpan } from '../../components/time.tsx'
import { formatNumber, text } from '../../texts/text.ts'
import { PagedItems } from '../../components/paged-items.tsx'
import { deliveredFact, lastErrorFact, StreamCard } from './stream-card.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import './integrations.css'

export function Page() {
  const names = useNames()
  const list = useList('security-event-streams.list')
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
              <StreamCard
                key={stream.id}
                id={stream.id}
                name={nameOfStream(stream, names)}
                chip={<Status stream={stream} />}
                actions={[
                  {
                    label: text('events.verify'),
                    icon: smallIcon(IconSend),
                    needs: 'security-event-streams.verify',
                    disabled: whyNotVerified(stream),
                    run: () => confirmVerify(stream.id, nameOfStream(stream, names)),
                  },
                ]}
              >
                <StreamFacts stream={stream} />
              </StreamCard>
            ))}
          </ul>
        )}
      </PagedItems>
    </>
  )
}

/** A configured stream is named by its resource app, another by the app that receives it. */
function nameOfStream({ id, configured, receiver }: EventStreamView, names: Names): string {
  if (configured) return names.resourceApp(id.replace(/^app:/, ''))
  return receiver === undefined ? id : names.app(receiver)
}

function whyNotVerified({ status }: EventStreamView): string | undefined {
  if (status === 'removed') return text('events.verifyRemoved')
  return status === 'disabled' ? text('events.verifyOff') : undefined
}

function confirmVerify(id: string, name: string): void {
  confirmWithReason({
    title: text('events.verifyTitle', { name }),
    confirmLabel: text('events.verify'),
    help: text('events.verifyHelp'),
    reasonNeeded: false,
    done: text('events.verified'),
    confirm: (reason) => sendChange('security-event-streams.verify', { params: { id }, body: {}, reason }),
  })
}

interface StreamProps {
  readonly stream: EventStreamView
}

function Status({ stream: { status, lastError, pending } }: StreamProps) {
  if (status === 'enabled' && lastError !== null && pending > 0)
    return <StateChip state="error" label={text('events.failing')} />
  if (status === 'enabled') return <StateChip state="ok" label={text('events.enabled')} />
  const states = { paused: 'suspended', disabled: 'off', removed: 'error' } as const
  return <StateChip state={states[status]} label={text(`events.${status}`)} />
}

function StreamFacts({ stream }: StreamProps) {
  const { audience, method, endpoint = '', events, pending, lagSeconds, configured, receiver } = stream
  const { abandoned, lastLagMs } = stream
  const how = method === undefined ? undefined : text(`events.${method}`, { endpoint })
  const waiting = text('events.waitingValue', {
    count: formatNumber(pending),
    span: formatSpan(lagSeconds * 1000),
  })
  return (
    <Facts
      facts={[
        [text('events.audience'), <Token>{audience}</Token>],
        how === undefined ? null : [text('events.method'), how],
        [text('blocks.by'), configured ? text('events.byFile') : (receiver ?? text('value.unknown'))],
        [text('streams.types'), <Tokens items={events.map(shorten)} />],
        [text('events.waiting'), pending === 0 ? text('word.none') : waiting],
        [text('streams.delivered'), deliveredFact(stream)],
        lastLagMs === null ? null : [text('events.lastLag'), `${formatNumber(lastLagMs)} ms`],
        abandoned === 0 ? null : [text('events.abandoned'), formatNumber(abandoned)],
        lastErrorFact(stream),
      ]}
    />
  )
}

/** Event types are URIs; the last segment is the name. */
function shorten(type: string): string {
  return type.split('/').at(-1) ?? type
}
