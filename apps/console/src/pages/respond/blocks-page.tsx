// Blocks: who or what is denied, why, by whom and until when.
import { Button, Stack } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { AnswerTo } from '@crosswalk/admin-api'
import { useMemo, useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { useNames } from '../../session/names.ts'
import { useList } from '../../api/queries.ts'
import { useWhyNot } from '../../components/actions.tsx'
import { StateChip } from '../../components/chips.tsx'
import type { Column } from '../../components/data-table.tsx'
import { UserName, ThingName } from '../../components/object/names.tsx'
import { ListPage } from '../../components/list-page.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { EmptyState } from '../../components/states.tsx'
import { RelativeTime, momentOr } from '../../components/time.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { describeTarget } from './outcome.ts'
import { type Target, TargetField } from './target-field.tsx'
import { MomentField } from '../../components/fields.tsx'
import { idColumn } from '../../components/table/columns.tsx'
import type { DialogProps } from '../../hooks/use-dialog.ts'
import { useDialog } from '../../hooks/use-dialog.ts'
import { smallIcon } from '../../components/small-icon.tsx'
import './respond.css'

type Block = AnswerTo<'blocks.list'>['items'][number]

const ADDRESSES = { user: '/users/', app: '/apps/', connection: '/connections/' } as const

export function Page() {
  const list = useList('blocks.list')
  const [ending, setEnding] = useState<Block | undefined>(undefined)
  const setting = useDialog()
  const navigate = useNavigate()
  const whyNot = useWhyNot()('blocks.end')
  const columns = useMemo(() => buildColumns(whyNot === undefined ? setEnding : undefined), [whyNot])
  return (
    <>
      <ListPage
        title={text('nav.blocks')}
        lead={text('blocks.lead')}
        create={{
          label: text('word.createBlock'),
          needs: 'blocks.create',
          run: setting.open,
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
      <NewBlock {...setting.props} />
      <EndBlock block={ending} close={() => setEnding(undefined)} />
    </>
  )
}

function buildColumns(end: ((block: Block) => void) | undefined): readonly Column<Block>[] {
  return [
    {
      id: 'what',
      header: text('blocks.what'),
      hideable: false,
      cell: ({ kind, target }) =>
        kind === 'everything' ? (
          <strong>{text('respond.kind.everything')}</strong>
        ) : (
          <span>
            <Link to={`${ADDRESSES[kind]}${encodeURIComponent(target)}`} className="cw-first">
              <ThingName kind={kind} id={target} />
            </Link>{' '}
            <span className="cw-quiet-text">{text(`respond.kind.${kind}`)}</span>
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
    { id: 'why', header: text('decisions.why'), cell: ({ reason }) => reason ?? '–' },
    { id: 'by', header: text('blocks.by'), cell: ({ by }) => <UserName id={by} /> },
    { id: 'since', header: text('word.since'), cell: ({ since }) => <RelativeTime moment={since} /> },
    {
      id: 'until',
      header: text('word.expires'),
      cell: ({ until }) => momentOr(until, text('word.noExpiry')),
    },
    idColumn,
    ...(end === undefined
      ? []
      : [
          {
            id: 'end',
            header: text('word.action'),
            hideable: false,
            cell: (block: Block) =>
              block.active ? (
                <Button size="compact-sm" onClick={() => end(block)}>
                  {text(block.kill ? 'kill.lift' : 'blocks.end')}
                </Button>
              ) : null,
          },
        ]),
  ]
}

/** Lifts a kill, or ends another block, with a reason. */
function EndBlock({ block, close }: { readonly block: Block | undefined; readonly close: () => void }) {
  const end = useChange('blocks.end')
  const lift = useChange('kill.lift')
  const names = useNames()
  const name = block === undefined ? '' : describeTarget(names, { kind: block.kind, id: block.target })
  const kill = block?.kill === true
  return (
    <ReasonDialog
      opened={block !== undefined}
      close={close}
      title={text(kill ? 'kill.liftTitle' : 'kill.liftTitle', { name })}
      confirmLabel={text(kill ? 'kill.lift' : 'blocks.end')}
      confirm={async (reason) => {
        const params = { id: block?.id ?? '' }
        if (kill) await lift.mutateAsync({ params, body: { reason: reason ?? '' } })
        else await end.mutateAsync({ params, reason })
        showDone({ message: text('kill.lifted', { name }) })
      }}
      help={text('kill.liftHelp')}
    />
  )
}

function NewBlock({ opened, close }: DialogProps) {
  const [target, setTarget] = useState<Target>({ kind: 'app', id: '' })
  const [until, setUntil] = useState('')
  const create = useChange('blocks.create')
  const end = useChange('blocks.end')
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={text('word.createBlock')}
      confirmLabel={text('word.createBlock')}
      {...(target.kind === 'everything' ? { danger: true, typeName: text('kill.everythingName') } : {})}
      confirm={async (reason) => {
        const { body } = await create.mutateAsync({
          body: {
            kind: target.kind,
            ...(target.kind === 'everything' ? {} : { target: target.id }),
            reason: reason ?? '',
            ...(until === '' ? {} : { until }),
          },
        })
        setTarget({ kind: 'app', id: '' })
        setUntil('')
        showDone({
          message: text('blocks.setDone', { count: body.tokensRevoked }),
          undo: () => end.mutateAsync({ params: { id: body.id }, reason: text('connection.undoReason') }),
        })
      }}
    >
      <Stack gap="md" mb="md">
        <TargetField target={target} change={setTarget} />
        <MomentField
          label={text('word.expires')}
          help={text('blocks.untilHelp')}
          value={until}
          change={setUntil}
        />
      </Stack>
    </ReasonDialog>
  )
}
