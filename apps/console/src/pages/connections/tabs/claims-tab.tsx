// The user claims of the token: the resource app's contract, next to the token for a selected user, with changes highlighted before saving.
import { Stack, Textarea } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'

import type { Connection, ResourceApp } from '../../../api/objects.ts'
import { useApi } from '../../../api/queries.ts'
import { findDifferences } from '../../../components/change-list.tsx'
import { Facts } from '../../../components/facts.tsx'
import type { FormProps } from '../../../components/form-fields.tsx'
import { RadioField } from '../../../components/fields.tsx'
import { pickDefinition } from '../../../components/object/definition.ts'
import { EditForm } from '../../../components/object/edit-drawer.tsx'
import { Loaded } from '../../../components/states.tsx'
import { withMember } from '../../../components/with-member.ts'
import { useCan } from '../../../session/session.tsx'
import { text } from '../../../texts/text.ts'
import { parseClaimLines, renderClaimLines } from '../claim-lines.ts'
import { TokenPreview } from '../token-preview.tsx'

export function ClaimsTab({ connection }: { readonly connection: Connection }) {
  const can = useCan()
  const query = useApi('resource-apps.read', { params: { id: connection.resourceApp } })
  return (
    <Loaded query={query}>
      {({ body, etag = '' }) =>
        body.owner === 'database' && can('resource-apps.change') ? (
          <EditContract
            key={body.id}
            connection={connection}
            resourceApp={body}
            etag={etag}
            reload={() => void query.refetch()}
          />
        ) : (
          <Contract connection={connection} resourceApp={body} />
        )
      }
    </Loaded>
  )
}

interface ContractProps {
  readonly connection: Connection
  readonly resourceApp: ResourceApp
}

function Contract({ connection, resourceApp: { subject, claims } }: ContractProps) {
  return (
    <div className="cw-two">
      <section className="cw-card">
        <p className="cw-quiet-text">{text('claims.contract')}</p>
        <Facts
          facts={[
            [text('word.subject'), subject],
            ...Object.entries(claims),
            Object.keys(claims).length === 0 ? [text('claims.extra'), text('word.none')] : null,
          ]}
        />
      </section>
      <TokenPreview connection={connection} />
    </div>
  )
}

type Draft = ResourceApp & {
  /** The first line that is not a claim. Never sent, because such a draft cannot be saved */
  readonly badLine?: string
}

interface EditContractProps extends ContractProps {
  readonly etag: string
  readonly reload: () => void
}

function EditContract({ connection, resourceApp, etag, reload }: EditContractProps) {
  const isChanged = useRef(false)
  const [round, setRound] = useState(0)
  const startOver = () => setRound((before) => before + 1)
  const { revision } = resourceApp
  useEffect(() => {
    // What was typed stays when another user changes the resource app.
    if (!isChanged.current) startOver()
  }, [revision])
  return (
    <EditForm<Draft>
      key={round}
      staysOpen
      collection="resource-apps"
      object={resourceApp}
      {...{ etag, reload }}
      close={startOver}
      reported={isChanged}
      done={text('claims.saved', { name: resourceApp.name })}
      missing={({ badLine: line }) => (line === undefined ? undefined : text('claims.badLine', { line }))}
      fields={(draft, change) => (
        <div className="cw-two">
          <section className="cw-card">
            <p className="cw-quiet-text">{text('claims.contract')}</p>
            <Stack>
              <SubjectField draft={draft} change={change} />
              <ClaimsField draft={draft} change={change} />
            </Stack>
          </section>
          <TokenPreview connection={connection} draft={findDraft(resourceApp, draft)} />
        </div>
      )}
    />
  )
}

/** @returns the changed resource app; undefined while nothing is changed */
function findDraft(resourceApp: ResourceApp, { badLine: _, ...draft }: Draft): ResourceApp | undefined {
  const before = pickDefinition('resource-apps', resourceApp)
  return findDifferences(before, draft).length === 0 ? undefined : draft
}

const SUBJECTS = [
  { value: 'user.id', label: text('claims.subjectId') },
  { value: 'pairwise', label: text('claims.subjectPairwise') },
  { value: 'user.email', label: text('claims.subjectEmail') },
  { value: 'user.username', label: text('claims.subjectUsername') },
]

function SubjectField({ draft, change }: FormProps<Draft>) {
  const { subject } = draft
  const known = SUBJECTS.some(({ value }) => value === subject)
  const choices = known ? SUBJECTS : [...SUBJECTS, { value: subject, label: subject }]
  return (
    <RadioField
      label={text('word.subject')}
      choices={choices}
      value={subject}
      change={(next) => change({ ...draft, subject: next })}
    />
  )
}

function ClaimsField({ draft, change }: FormProps<Draft>) {
  const [typed, setTyped] = useState(() => renderClaimLines(draft.claims))
  return (
    <Textarea
      label={text('claims.extra')}
      description={text('claims.editHelp')}
      autosize
      minRows={4}
      value={typed}
      spellCheck={false}
      error={draft.badLine === undefined ? undefined : text('claims.badLine', { line: draft.badLine })}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value)
        const { claims, bad } = parseClaimLines(value)
        change(withMember({ ...draft, claims: { ...claims } }, 'badLine', bad))
      }}
    />
  )
}
