// The retention period of audit events, the legal hold, and the sealed heads of the logs.
import type { AnswerTo } from '@crosswalk/admin-api'
import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'

import { adminApi } from '../../api/client.ts'
import { useApi } from '../../api/queries.ts'
import { StateChip, Token } from '../../components/chips.tsx'
import { Facts } from '../../components/facts.tsx'
import { PageHeader, Section } from '../../components/page-header.tsx'
import { saveJson } from '../../components/save-file.ts'
import { EmptyState, Loaded, Loading } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { countText, formatNumber, text } from '../../texts/text.ts'
import { useNames } from '../../session/names.ts'
import { SmallTable } from '../../components/small-table.tsx'
import { PLACE_HOLD, RELEASE_HOLD } from './legal-hold-actions.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import './settings.css'

type Retention = AnswerTo<'audit-retention.read'>

export function Page() {
  const query = useApi('audit-retention.read', {})
  const held = query.data?.body.hold
  return (
    <>
      <PageHeader
        title={text('word.retention')}
        lead={text('retention.lead')}
        chips={held ? <StateChip state="warn" label={text('retention.hold')} /> : undefined}
        actions={[
          { ...PLACE_HOLD, disabled: held ? text('retention.held') : undefined },
          { ...RELEASE_HOLD, disabled: held ? undefined : text('retention.notHeld') },
        ]}
      />
      <Loaded query={query}>{({ body }) => <RetentionFacts retention={body} />}</Loaded>
      <Checkpoints retention={query.data?.body} />
    </>
  )
}

function RetentionFacts({ retention: { retentionDays, hold } }: { readonly retention: Retention }) {
  const names = useNames()
  const days =
    retentionDays === null
      ? text('retention.forever')
      : countText('time.dayCount', 'time.dayCounts', retentionDays)
  const [before = '', after = ''] =
    hold === null
      ? []
      : text('retention.holdBy', { by: names.user(hold.by), reason: hold.reason }).split('{when}')
  return (
    <div className="cw-card">
      <Facts
        facts={[
          [
            text('retention.period'),
            <span>
              {days}. <span className="cw-quiet-text">{text('retention.change')}</span>
            </span>,
          ],
          [
            text('retention.hold'),
            hold === null ? (
              text('word.none')
            ) : (
              <span>
                {before}
                <RelativeTime moment={hold.since} />
                {after}
              </span>
            ),
          ],
        ]}
      />
    </div>
  )
}

/** The start and the last sealed head of each log. */
function Checkpoints({ retention }: { readonly retention: Retention | undefined }) {
  const query = useApi('audit-checkpoints.list', { query: { latest: 'true' } })
  return (
    <Section
      title={text('retention.checkpoints')}
      aside={
        <Button leftSection={smallIcon(IconDownload)} onClick={() => void saveAll()}>
          {text('retention.save')}
        </Button>
      }
    >
      <p className="cw-quiet-text">{text('retention.checkpointsText')}</p>
      <Loaded query={query} skeleton={<Loading />}>
        {({ body: { items } }) =>
          items.length === 0 ? (
            <EmptyState title={text('retention.noCheckpoints')}>
              {text('retention.noCheckpointsText')}
            </EmptyState>
          ) : (
            <LogTable heads={items} retention={retention} />
          )
        }
      </Loaded>
    </Section>
  )
}

interface LogTableProps {
  readonly heads: AnswerTo<'audit-checkpoints.list'>['items']
  readonly retention: Retention | undefined
}

const HEADERS = ['log', 'begins', 'cutAt', 'events', 'sealed', 'hash'] as const

function LogTable({ heads, retention }: LogTableProps) {
  return (
    <SmallTable
      label={text('retention.checkpoints')}
      headers={HEADERS.map((header) => text(`retention.${header}`))}
      rows={heads.map(({ chain, seq, hash, time }) => {
        const known = retention?.logs.find((one) => one.chain === chain)
        return {
          id: chain,
          cells: [
            <span className="cw-first">{chain}</span>,
            known === undefined ? '…' : formatNumber(known.begins),
            known === undefined ? '…' : <RelativeTime moment={known.cutAt} />,
            formatNumber(seq),
            <RelativeTime moment={time} />,
            <Token>{hash}</Token>,
          ],
        }
      })}
    />
  )
}

function saveAll(): Promise<void> {
  const read = async () => (await adminApi.call('audit-checkpoints.list', {})).body
  return saveJson('checkpoints.json', read, text('retention.saved'))
}
