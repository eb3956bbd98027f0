// The preview before creation: sentence, token, and the decisions for representative users.
import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { AnswerTo } from '@crosswalk/admin-api'

import { sendChange } from '../../../api/changes.ts'
import { useApi } from '../../../api/queries.ts'
import { OutcomeChip, Token } from '../../../components/chips.tsx'
import { ChangeProblem } from '../../../components/change-problem.tsx'
import { Section } from '../../../components/page-header.tsx'
import { ApplyRemedy } from '../../../components/decision/remedy-buttons.tsx'
import { ErrorState, Loading } from '../../../components/states.tsx'
import { showDone } from '../../../components/toasts.tsx'
import { countText, text } from '../../../texts/text.ts'
import { Sentence } from '../sentence.tsx'
import { TokenPreview } from '../token-preview.tsx'
import { useNames } from '../../../session/names.ts'
import { type Plan, type StepProps, withRegistered } from './plan.ts'
import { useSampleUsers } from '../../../components/object/use-sample-users.ts'
import { pathOf } from '../../../components/object/object-path.ts'

interface PreviewStepProps extends StepProps {
  readonly back: () => void
}

export function PreviewStep({ plan, change, back }: PreviewStepProps) {
  const navigate = useNavigate()
  const names = useNames()
  const [problem, setProblem] = useState<unknown>(undefined)
  const [busy, setBusy] = useState(false)
  const { connection, resourceApp } = plan
  async function create(status: 'active' | 'report-only' | 'draft'): Promise<void> {
    setBusy(true)
    setProblem(undefined)
    const reason = plan.noEndReason.trim()
    try {
      if (resourceApp !== undefined) {
        await sendChange('resource-apps.create', {
          body: { ...resourceApp, assignments: connection.assignments },
          reason,
        })
        // Another attempt must not register it again.
        change(withRegistered(plan))
      }
      const { body } = await sendChange('connections.create', {
        body: { ...connection, status },
        reason,
      })
      const path = pathOf('connection', body.id)
      if (status !== 'active') showDone({ message: text(`new.saved.${status}`) })
      await navigate({ to: status === 'active' ? `${path}/prove` : path, replace: true, ignoreBlocker: true })
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <p className="cw-lead cw-sentence">
        <Sentence connection={connection} names={names} />
      </p>
      {resourceApp === undefined ? (
        <div className="cw-two">
          <SampleAnswers plan={plan} />
          <TokenPreview connection={connection} />
        </div>
      ) : null}
      {problem === undefined ? null : <ChangeProblem error={problem} />}
      <div className="cw-dialog-buttons">
        <Button onClick={back}>{text('form.back')}</Button>
        <Button loading={busy} onClick={() => void create('draft')}>
          {text('new.createDraft')}
        </Button>
        <Button loading={busy} onClick={() => void create('report-only')}>
          {text('new.createReportOnly')}
        </Button>
        <Button variant="filled" loading={busy} onClick={() => void create('active')}>
          {text('nav.newConnection')}
        </Button>
      </div>
    </>
  )
}

function SampleAnswers({ plan: { connection } }: { readonly plan: Plan }) {
  const { samples, emptyGroups, tried, of, isReady, error } = useSampleUsers(connection.assignments)
  if (error !== null) return <ErrorState error={error} />
  if (!isReady) return <Loading lines={3} />
  return (
    <Section title={text('new.samples')}>
      <p className="cw-quiet-text">
        {connection.assignments.everyone
          ? countText('new.oneOfEveryone', 'new.someOfEveryone', samples.length)
          : text('new.sampleUsers')}{' '}
        {!connection.assignments.everyone && tried < of ? text('new.samplesTried', { tried, of }) : null}
      </p>
      <ul className="cw-plain-list">
        {samples.map(({ user: { id, name, username }, group }) => (
          <li key={id} className="cw-check">
            <span>
              <strong>{name ?? username}</strong>{' '}
              {group === undefined ? null : (
                <span className="cw-quiet-text">{text('groupName', { name: group })}</span>
              )}
            </span>
            <Answer connection={connection} user={id} group={group} />
          </li>
        ))}
        {emptyGroups.map((group) => (
          <li key={group} className="cw-check cw-quiet-text">
            {text('new.emptyGroup', { group })}
          </li>
        ))}
      </ul>
    </Section>
  )
}

interface AnswerProps {
  readonly connection: Plan['connection']
  readonly user: string
  readonly group: string | undefined
}

function Answer({ connection, user, group }: AnswerProps) {
  const query = useApi('connections.preview', { body: { connection, user } })
  if (query.error !== null) return <ErrorState error={query.error} />
  if (query.data === undefined) return <Loading lines={1} />
  const { decision } = query.data.body
  return (
    <>
      <span className="cw-title-row">
        <OutcomeChip outcome={decision.outcome} narrowed={decision.narrowed.length > 0} />
        <Token>{decision.code}</Token>
        <span className="cw-quiet-text">{decision.summary.admin}</span>
      </span>
      <Fix decision={decision} connection={connection} group={group} />
    </>
  )
}

interface FixProps {
  readonly decision: AnswerTo<'connections.preview'>['decision']
  readonly connection: Plan['connection']
  readonly group: string | undefined
}

/** What to change before the connection exists. A group is assigned as a whole, not its sample user. */
function Fix({ decision, connection, group }: FixProps) {
  const names = useNames()
  const apps = decision.checks.flatMap(({ id, result }) => {
    if (result !== 'fail') return []
    if (id === 'people.app_assignment') return [names.app(connection.app)]
    return id === 'people.resource_app_assignment' ? [names.resourceApp(connection.resourceApp)] : []
  })
  if (group !== undefined && apps.length > 0)
    return <span>{apps.map((app) => text('new.assignGroup', { group, app })).join(' ')}</span>
  const remedy = decision.remedies.find(({ api }) => !NEEDS_CONNECTION.test(api ?? ''))
  if (remedy === undefined) return null
  return (
    <span className="cw-title-row">
      {remedy.text}
      {ABOUT_APPS.test(remedy.api ?? '') ? <ApplyRemedy remedy={remedy} /> : null}
    </span>
  )
}

const NEEDS_CONNECTION = /^POST \/access-grants /m
/** Changes that can be made before the connection exists. */
const ABOUT_APPS = /^PATCH \/(?:resource-)?apps\//
