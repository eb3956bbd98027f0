// The preview before creation: sentence, token, and the decisions for the first users.
import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { useChange } from '../../../api/changes.ts'
import { useApi } from '../../../api/queries.ts'
import { OutcomeChip, Token } from '../../../components/chips.tsx'
import { ChangeProblem } from '../../../components/change-problem.tsx'
import { Section } from '../../../components/page-header.tsx'
import { ApplyRemedy } from '../../../components/decision/remedy-buttons.tsx'
import { ErrorState, Loading } from '../../../components/states.tsx'
import { showDone } from '../../../components/toasts.tsx'
import { text } from '../../../texts/text.ts'
import { Sentence } from '../sentence.tsx'
import { TokenPreview } from '../token-preview.tsx'
import { useNames } from '../../../session/names.ts'
import type { Plan } from './plan.ts'
import { isAssigned } from '../../../components/object/is-assigned.ts'

interface PreviewStepProps {
  readonly plan: Plan
  readonly back: () => void
}

const SAMPLES = 3

export function PreviewStep({ plan, back }: PreviewStepProps) {
  const navigate = useNavigate()
  const names = useNames()
  const createConnection = useChange('connections.create')
  const createResourceApp = useChange('resource-apps.create')
  const [problem, setProblem] = useState<unknown>(undefined)
  const [busy, setBusy] = useState(false)
  const { connection, resourceApp } = plan
  async function create(status: 'active' | 'report-only' | 'draft'): Promise<void> {
    setBusy(true)
    setProblem(undefined)
    const reason = plan.noEndReason.trim() === '' ? undefined : plan.noEndReason.trim()
    try {
      if (resourceApp !== undefined)
        await createResourceApp.mutateAsync({
          body: { ...resourceApp, assignments: connection.assignments },
          reason,
        })
      const { body } = await createConnection.mutateAsync({
        body: { ...connection, status },
        reason,
      })
      const path = `/connections/${encodeURIComponent(body.id)}`
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
          {text('new.create')}
        </Button>
      </div>
    </>
  )
}

function SampleAnswers({ plan: { connection } }: { readonly plan: Plan }) {
  const { data } = useApi('users.list', { query: { limit: 100 } })
  const meant = (data?.body.items ?? []).filter(
    (user) => user.active && isAssigned(connection.assignments, user),
  )
  return (
    <Section title={text('new.samples')}>
      <p className="cw-quiet-text">{text('new.sampleUsers')}</p>
      <ul className="cw-plain-list">
        {meant.slice(0, SAMPLES).map(({ id, name, username }) => (
          <li key={id} className="cw-check">
            <strong>{name ?? username}</strong>
            <Answer connection={connection} user={id} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Answer({ connection, user }: { readonly connection: Plan['connection']; readonly user: string }) {
  const query = useApi('connections.preview', { body: { connection, user } })
  if (query.error !== null) return <ErrorState error={query.error} />
  if (query.data === undefined) return <Loading lines={1} />
  const { decision } = query.data.body
  const [remedy] = decision.remedies
  return (
    <>
      <span className="cw-title-row">
        <OutcomeChip outcome={decision.outcome} narrowed={decision.narrowed.length > 0} />
        <Token>{decision.code}</Token>
        <span className="cw-quiet-text">{decision.summary.admin}</span>
      </span>
      {remedy === undefined ? null : (
        <span className="cw-title-row">
          {remedy.text}
          {ABOUT_APPS.test(remedy.api ?? '') ? <ApplyRemedy remedy={remedy} /> : null}
        </span>
      )}
    </>
  )
}

/** Changes that can be made before the connection exists. */
const ABOUT_APPS = /^PATCH \/(?:resource-)?apps\//
