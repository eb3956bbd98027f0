// Shows and applies the changes of an invitation.
import type { OpenedInvitation, PlannedChange } from '@crosswalk/admin-api'
import { Alert, Button, Stack } from '@mantine/core'

import { sendChange } from '../../../api/changes.ts'
import { useApi } from '../../../api/queries.ts'
import { ChangeList } from '../../../components/change-list.tsx'
import { CodeBlock } from '../../../components/code-block.tsx'
import { Section } from '../../../components/page-header.tsx'
import { confirmWithReason } from '../../../components/confirm.ts'
import { renderYaml } from '../../../components/render-yaml.ts'
import { Loaded } from '../../../components/states.tsx'
import { text } from '../../../texts/text.ts'

interface InvitationPlanProps {
  readonly opened: OpenedInvitation
  /** false: it was opened with former choices, and is being opened again */
  readonly current: boolean
  /** Receives the new secret, if any */
  readonly applied: (secret: string | undefined) => void
}

export function InvitationPlan({ opened, current, applied }: InvitationPlanProps) {
  const body = { document: opened.document, prune: false, setSecrets: false }
  const query = useApi('configuration.plan', { body }, { keepPrevious: true })
  const isCurrent = current && !query.isPlaceholderData
  return (
    <Section title={text('invitation.plan')}>
      <Loaded query={query}>
        {({ body: { changes, problems }, etag = '' }) => {
          const planned = changes.filter(({ action }) => action !== 'extra')
          const isBlocked = planned.some(({ action }) => action === 'blocked')
          return (
            <Stack gap="md">
              {planned.length === 0 ? <p>{text('invitation.nothing')}</p> : null}
              {planned.map((change) => (
                <PlannedCard key={`${change.collection} ${change.id}`} change={change} />
              ))}
              {problems.length === 0 ? null : <Problems problems={problems} />}
              {isBlocked ? <FilePatch opened={opened} /> : null}
              <div className="cw-dialog-buttons">
                <Button
                  variant="filled"
                  disabled={!isCurrent || planned.length === 0 || isBlocked || problems.length > 0}
                  onClick={() =>
                    confirmWithReason({
                      title: text('invitation.acceptTitle', { issuer: opened.madeBy }),
                      confirmLabel: text('nav.invitation'),
                      done: text('invitation.accepted'),
                      async confirm(reason) {
                        await sendChange('configuration.apply', { body: { ...body, reason }, ifMatch: etag })
                        applied(opened.secret)
                      },
                    })
                  }
                >
                  {text('nav.invitation')}
                </Button>
              </div>
            </Stack>
          )
        }}
      </Loaded>
    </Section>
  )
}

function PlannedCard({
  change: { action, collection, id, differences },
}: {
  readonly change: PlannedChange
}) {
  const isNew = action === 'create'
  const title = text(isNew ? 'invitation.creates' : 'invitation.changes', { collection, id })
  return (
    <div className="cw-card">
      <h3>{title}</h3>
      {isNew ? (
        <CodeBlock label={title} code={renderYaml(Object(differences[0]?.after))} />
      ) : (
        <ChangeList
          differences={differences.map(({ path, before, after }) => ({ member: path, before, after }))}
        />
      )}
    </div>
  )
}

function Problems({
  problems,
}: {
  readonly problems: readonly { problem: string; fix?: string | undefined }[]
}) {
  return (
    <Alert role="alert" color="red" variant="light" title={text('invitation.problems')}>
      <ul className="cw-plain-list">
        {problems.map(({ problem, fix }) => (
          <li key={problem}>
            {problem}
            {fix === undefined ? null : ` · ${fix}`}
          </li>
        ))}
      </ul>
    </Alert>
  )
}

function FilePatch({ opened: { document } }: { readonly opened: OpenedInvitation }) {
  return (
    <Alert role="alert" color="yellow" variant="light" title={text('state.ownedByFile.title')}>
      <p>{text('invitation.inFileHelp')}</p>
      <CodeBlock label="YAML" code={renderYaml({ ...document })} />
    </Alert>
  )
}
