// The kill switch. First shows how long access may continue at external servers; requires typing the name; then shows the measured effect. A drill is
// lifted again immediately.
import { Alert, Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconAlertTriangle, IconHandStop } from '@tabler/icons-react'
import type { AnswerTo } from '@crosswalk/admin-api'
import { useState } from 'react'

import { sendChange } from '../../api/changes.ts'
import { useApi } from '../../api/queries.ts'
import { type Names, useNames } from '../../session/names.ts'
import { useForbiddenReason } from '../../components/actions.tsx'
import { ObjectName } from '../../components/object/names.tsx'
import { PageHeader, Section } from '../../components/page-header.tsx'
import { confirmWithReason, pickTyped } from '../../components/confirm.ts'
import { Disclosure } from '../../components/disclosure.tsx'
import { ErrorState, Loading } from '../../components/states.tsx'
import { showDone } from '../../components/toasts.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { countText, formatNumber, text } from '../../texts/text.ts'
import { DrillSection } from './drill.tsx'
import { KillResult } from './kill-result.tsx'
import { formatBound, type Outcome, renderWorstCase } from './outcome.ts'
import {
  type Kind,
  KINDS,
  type Target,
  TargetField,
  useExists,
} from '../../components/block/target-field.tsx'
import './respond.css'

type Preview = AnswerTo<'kill.preview'>

const FILTERS = ['kind', 'id'] as const

export function Page() {
  const { filters, set } = useFilters(FILTERS)
  const kind = KINDS.find((one) => one === filters.kind) ?? 'app'
  const target: Target = { kind, id: filters.id ?? '' }
  const exists = useExists(target)
  const [outcome, setOutcome] = useState<Outcome | undefined>(undefined)
  const finish = (result: Outcome) => {
    setOutcome(result)
    // Or the page would offer to kill it again.
    set({ id: undefined })
  }
  return (
    <>
      <PageHeader title={text('nav.kill')} lead={text('kill.lead')} />
      {outcome === undefined ? null : <KillResult outcome={outcome} lifted={() => setOutcome(undefined)} />}
      <div className="cw-two">
        <section className="cw-card">
          <TargetField target={target} change={(next) => set({ kind: next.kind, id: next.id })} />
        </section>
        <section className="cw-card" aria-label={text('kill.before')}>
          <h2>{text('kill.before')}</h2>
          {exists ? (
            <KillPreview target={target} done={finish} />
          ) : (
            <p className="cw-quiet-text">{text('kill.pickFirst')}</p>
          )}
        </section>
      </div>
      <DrillSection />
    </>
  )
}

interface KillTarget {
  readonly kind: Kind
  readonly id?: string
}

function targetBody({ kind, id }: Target): KillTarget {
  return kind === 'everything' ? { kind } : { kind, id }
}

function nameTarget({ kind, id }: Target, names: Names): string {
  return kind === 'everything' ? text('kill.everythingName') : names[kind](id)
}

interface KillPreviewProps {
  readonly target: Target
  readonly done: (outcome: Outcome) => void
}

function KillPreview({ target, done }: KillPreviewProps) {
  const [settled] = useDebouncedValue(JSON.stringify(targetBody(target)), 300)
  const query = useApi('kill.preview', { body: { target: JSON.parse(settled) as KillTarget } })
  const forbiddenReason = useForbiddenReason()('kill.press')
  const names = useNames()
  const name = nameTarget(target, names)
  if (query.error !== null) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  // Do not show results for a previous target.
  if (query.data === undefined || settled !== JSON.stringify(targetBody(target))) return <Loading />
  const { ends } = query.data.body
  const worstCase = <WorstCase preview={query.data.body} />
  const confirmKill = () =>
    confirmWithReason({
      danger: true,
      typeName: pickTyped(name, target.id),
      title: text('kill.pressTitle', { name }),
      confirmLabel: text('kill.confirm'),
      children: (
        <>
          {target.kind === 'everything' ? null : (
            <p>
              <ObjectName kind={target.kind} id={target.id} />
            </p>
          )}
          <p>{describeEnds(ends)}</p>
          {worstCase}
        </>
      ),
      async confirm(reason) {
        const { body } = await sendChange('kill.press', { body: { target: targetBody(target), reason } })
        done(body)
        showDone({ message: text('kill.done', { name, ms: body.blockedMs }) })
      },
    })
  return (
    <>
      {worstCase}
      <h3 className="cw-kill-what">{text('kill.willDo')}</h3>
      <ul className="cw-kill-list">
        <li>{text('kill.do.refuse')}</li>
        {target.kind === 'user' ? <li>{text('kill.do.sessions')}</li> : null}
        <li>{describeEnds(ends)}</li>
        <li>{text('kill.do.tell')}</li>
      </ul>
      <Button
        className="cw-kill-button"
        size="lg"
        variant="filled"
        color="red"
        fullWidth
        disabled={forbiddenReason !== undefined}
        leftSection={<IconHandStop size={22} aria-hidden="true" />}
        onClick={confirmKill}
      >
        {text('kill.press', { name })}
      </Button>
      {forbiddenReason === undefined ? null : <p className="cw-quiet-text">{forbiddenReason}</p>}
    </>
  )
}

function describeEnds({ tokens, users, hasMore }: Preview['ends']): string {
  if (tokens === 0) return text('kill.do.noTokens')
  const counts = {
    tokens: countText('kill.oneToken', 'kill.tokens', tokens),
    users: countText('kill.oneUser', 'kill.users', users),
  }
  return text(hasMore ? 'kill.do.moreTokens' : 'kill.do.tokens', counts)
}

/** The longest time until access ends, and its reason. */
function WorstCase({ preview }: { readonly preview: Preview }) {
  const { reach, worstCaseSeconds, offlineSeconds } = preview
  if (reach.length === 0) return <p>{text('kill.noReach')}</p>
  return (
    <div className="cw-kill-bound">
      <p>
        {text('kill.worstCase')} <strong className="cw-figure">{renderWorstCase(preview)}</strong>
      </p>
      {offlineSeconds === 0 ? null : <p className="cw-quiet-text">{text('kill.offlineNote')}</p>}
      {worstCaseSeconds === 0 ? null : (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle size={20} aria-hidden="true" />}>
          {text('kill.livesOn')}
        </Alert>
      )}
      <ReachTable reach={reach} />
    </div>
  )
}

function describeBound({
  local,
  worstCaseSeconds,
  offlineSeconds,
}: Pick<Preview['reach'][number], 'local' | 'worstCaseSeconds' | 'offlineSeconds'>): string {
  if (!local) return text('kill.foreign', { span: formatBound(worstCaseSeconds) })
  if (offlineSeconds === 0) return text('kill.local')
  return text('kill.localOffline', { span: formatBound(offlineSeconds) })
}

/** The button is below, and must not be far away. */
const MAX_SHOWN = 10

function ReachTable({ reach }: { readonly reach: Preview['reach'] }) {
  const more = reach.slice(MAX_SHOWN)
  return (
    <Section title={text('kill.reach', { count: formatNumber(reach.length) })}>
      <ReachList reach={reach.slice(0, MAX_SHOWN)} />
      {more.length === 0 ? null : (
        <Disclosure label={countText('kill.oneMore', 'kill.more', more.length)}>
          <ReachList reach={more} />
        </Disclosure>
      )}
    </Section>
  )
}

function ReachList({ reach }: { readonly reach: Preview['reach'] }) {
  return (
    <ul className="cw-plain-list cw-kill-reach">
      {reach.map(({ resourceApp, issuer, ...bounds }) => (
        <li key={resourceApp}>
          <span>
            <strong>
              <ObjectName kind="resource_app" id={resourceApp} />
            </strong>{' '}
            <span className="cw-quiet-text">{issuer}</span>
          </span>
          <span>{describeBound(bounds)}</span>
        </li>
      ))}
    </ul>
  )
}
