// Blocks: who or what is denied, why, by whom and until when.
import { Button } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { AnswerTo } from '@crosswalk/admin-api'
import { useMemo } from 'react'

import { type Names, useNames } from '../../session/names.ts'
import { useList } from '../../api/queries.ts'
import { useSession } from '../../session/session.tsx'
import { useForbiddenReason } from '../../components/actions.tsx'
import { StateChip } from '../../components/chips.tsx'
import type { Column } from '../../components/data-table.tsx'
import { UserName, ObjectName } from '../../components/object/names.tsx'
import { ListPage } from '../../components/list-page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { RelativeTime, renderTimeOr } from '../../components/time.tsx'
import { text } from '../../texts/text.ts'
import { pathOf } from '../../components/object/object-path.ts'
import { openBlockDialog } from '../../components/block/block-dialog.tsx'
import { describeTarget } from './outcome.ts'
import { confirmLift } from './kill-result.tsx'
import { idColumn } from '../../components/table/columns.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import './respond.css'

type Block = AnswerTo<'blocks.list'>['items'][number]

export function Page() {
  const list = useList('blocks.list')
  const names = useNames()
  const navigate = useNavigate()
  const forbiddenReason = useForbiddenReason()('blocks.lift')
  const { id, role } = useSession()
  const columns = useMemo(() => {
    const mayLift = ({ by }: Block) => role !== 'security-responder' || by === id
    return buildColumns(names, forbiddenReason === undefined ? mayLift : undefined)
  }, [names, forbiddenReason, id, role])
  return (
    <ListPage
      title={text('nav.blocks')}
      lead={text('blocks.lead')}
      create={{
        label: text('word.createBlock'),
        needs: 'blocks.create',
        run: () => openBlockDialog(),
      }}
      actions={[
        {
          label: text('nav.kill'),
          icon: smallIcon(IconHandStop),
          needs: 'kill.preview',
          run: () => void navigate({ to: '/kill-switch' }),
        },
      ]}
      list={list}
      columns={columns}
      none={<EmptyState title={text('blocks.none')}>{text('blocks.noneText')}</EmptyState>}
    />
  )
}

/** @param mayLift - undefined for a role that lifts no block */
function buildColumns(
  names: Names,
  mayLift: ((block: Block) => boolean) | undefined,
): readonly Column<Block>[] {
  const nameOf = ({ kind, target }: Block) => describeTarget(names, { kind, id: target })
  return [
    {
      id: 'what',
      header: text('blocks.what'),
      hideable: false,
      cell: ({ kind, target, onlyFor }) =>
        kind === 'everything' ? (
          <strong>{text('respond.kind.everything')}</strong>
        ) : (
          <span>
            <Link to={pathOf(kind, target)} className="cw-first">
              <ObjectName kind={kind} id={target} />
            </Link>{' '}
            <span className="cw-quiet-text">
              {text(`respond.kind.${kind}`)}
              {onlyFor === undefined ? '' : ` · ${text('blocks.onlyFor', { user: names.user(onlyFor) })}`}
            </span>
          </span>
        ),
    },
    {
      id: 'state',
      header: text('word.state'),
      cell: ({ active, kill }) =>
        active ? (
          <StateChip state="blocked" label={kill ? text('nav.kill') : undefined} />
        ) : (
          <StateChip state="ended" />
        ),
    },
    { id: 'why', header: text('word.reason'), cell: ({ reason }) => reason ?? '–' },
    { id: 'by', header: text('blocks.by'), cell: ({ by }) => <UserName id={by} /> },
    { id: 'since', header: text('word.since'), cell: ({ since }) => <RelativeTime moment={since} /> },
    {
      id: 'until',
      header: text('word.expires'),
      cell: ({ until }) => renderTimeOr(until, text('word.noExpiry')),
    },
    idColumn,
    ...(mayLift === undefined
      ? []
      : [
          {
            id: 'end',
            header: text('word.action'),
            hideable: false,
            cell: (block: Block) =>
              block.active ? (
                <Button
                  size="compact-sm"
                  aria-label={text('blocks.liftOne', { name: nameOf(block) })}
                  disabled={!mayLift(block)}
                  title={mayLift(block) ? undefined : text('blocks.notYours')}
                  onClick={() => confirmLift({ ...block, name: nameOf(block) })}
                >
                  {text('kill.lift')}
                </Button>
              ) : null,
          },
        ]),
  ]
}
