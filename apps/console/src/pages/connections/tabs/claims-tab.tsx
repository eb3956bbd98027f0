// The user claims of the token: the resource app's contract, next to the token for a selected user, with changes highlighted before saving.
import { Button, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'

import type { Connection, ResourceApp } from '../../../api/objects.ts'
import { sendChange } from '../../../api/changes.ts'
import { useApi } from '../../../api/queries.ts'
import { ChangeList, findDifferences } from '../../../components/change-list.tsx'
import { Facts } from '../../../components/facts.tsx'
import { confirmWithReason } from '../../../components/confirm.ts'
import { Loaded } from '../../../components/states.tsx'
import { useCan } from '../../../session/session.tsx'
import { text } from '../../../texts/text.ts'
import { parseClaimLines, renderClaimLines } from '../claim-lines.ts'
import { TokenPreview } from '../token-preview.tsx'
import { RadioField } from '../../../components/fields.tsx'

export function ClaimsTab({ connection }: { readonly connection: Connection }) {
  const query = useApi('resource-apps.read', { params: { id: connection.resourceApp } })
  return (
    <Loaded query={query}>
      {({ body, etag }) => (
        <Contract
          // Remount the form for another revision.
          key={`${body.id} ${body.revision}`}
          connection={connection}
          resourceApp={body}
          etag={etag ?? ''}
        />
      )}
    </Loaded>
  )
}

interface ContractProps {
  readonly connection: Connection
  readonly resourceApp: ResourceApp
  readonly etag: string
}

function Contract({ connection, resourceApp, etag }: ContractProps) {
  const can = useCan()
  const editable = resourceApp.owner === 'database' && can('resource-apps.change')
  const [subject, setSubject] = useState(resourceApp.subject)
  const [lines, setLines] = useState(renderClaimLines(resourceApp.claims))
  const parsed = parseClaimLines(lines)
  const draft = { ...resourceApp, subject, claims: parsed.claims }
  const differences = findDifferences(resourceApp, draft)
  const save = () =>
    confirmWithReason({
      title: text('claims.save', { name: resourceApp.name }),
      confirmLabel: text('form.save'),
      done: text('claims.saved', { name: resourceApp.name }),
      children: <ChangeList differences={differences} />,
      confirm: (reason) =>
        sendChange('resource-apps.change', {
          params: { id: resourceApp.id },
          ifMatch: etag,
          body: { subject, claims: replaceMap(resourceApp.claims, parsed.claims) },
          reason,
        }),
    })
  return (
    <div className="cw-two">
      <section className="cw-card">
        <p className="cw-quiet-text">{text('claims.contract')}</p>
        {editable ? (
          <Stack>
            <SubjectField subject={subject} change={setSubject} />
            <Textarea
              label={text('claims.extra')}
              description={text('claims.editHelp')}
              autosize
              minRows={4}
              value={lines}
              spellCheck={false}
              error={parsed.bad === undefined ? undefined : text('claims.badLine', { line: parsed.bad })}
              onChange={({ currentTarget }) => setLines(currentTarget.value)}
            />
            <div className="cw-actions">
              <Button
                disabled={differences.length === 0}
                onClick={() => {
                  setSubject(resourceApp.subject)
                  setLines(renderClaimLines(resourceApp.claims))
                }}
              >
                {text('form.discard')}
              </Button>
              <Button
                variant="filled"
                disabled={differences.length === 0 || parsed.bad !== undefined}
                onClick={save}
              >
                {text('form.review')}
              </Button>
            </div>
          </Stack>
        ) : (
          <Facts
            facts={[
              [text('word.subject'), resourceApp.subject],
              ...Object.entries(resourceApp.claims),
              Object.keys(resourceApp.claims).length === 0 ? [text('claims.extra'), text('word.none')] : null,
            ]}
          />
        )}
      </section>
      <TokenPreview connection={connection} draft={differences.length === 0 ? undefined : draft} />
    </div>
  )
}

/** A merge patch removes a member with null. */
function replaceMap(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) {
  const gone = Object.keys(before).filter((name) => after[name] === undefined)
  return { ...Object.fromEntries(gone.map((name) => [name, null])), ...after }
}

const SUBJECTS = [
  { value: 'user.id', label: text('claims.subjectId') },
  { value: 'pairwise', label: text('claims.subjectPairwise') },
  { value: 'user.email', label: text('claims.subjectEmail') },
  { value: 'user.username', label: text('claims.subjectUsername') },
]

interface SubjectFieldProps {
  readonly subject: string
  readonly change: (subject: string) => void
}

function SubjectField({ subject, change }: SubjectFieldProps) {
  const known = SUBJECTS.some(({ value }) => value === subject)
  const choices = known ? SUBJECTS : [...SUBJECTS, { value: subject, label: subject }]
  return <RadioField label={text('word.subject')} choices={choices} value={subject} change={change} />
}
