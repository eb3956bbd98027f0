// The token for one user, each claim with its origin, and the changes of a draft.
import type { AnswerTo } from '@crosswalk/admin-api'
import { useState } from 'react'

import type { ResourceApp } from '../../api/objects.ts'
import { useApi } from '../../api/queries.ts'
import { OutcomeChip, Token } from '../../components/chips.tsx'
import { ExampleToken } from '../../components/example-token.tsx'
import { ErrorState, Loading } from '../../components/states.tsx'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { pickDefinition } from '../../components/object/definition.ts'
import { ObjectSelect } from '../../components/object/object-select.tsx'
import { useSampleUsers } from '../../components/object/use-sample-users.ts'
import type { Draft } from './connection-fields.tsx'

type Preview = AnswerTo<'connections.preview'>

interface TokenPreviewProps {
  readonly connection: Draft
  /** The resource app draft; undefined for the current one */
  readonly draft?: ResourceApp | undefined
}

export function TokenPreview({ connection, draft }: TokenPreviewProps) {
  const can = useCan()
  const { samples } = useSampleUsers(connection.assignments)
  const [chosen, setChosen] = useState<string | undefined>(undefined)
  const user = chosen ?? samples[0]?.user.id
  if (!can('connections.preview')) return null
  return (
    <section className="cw-card" aria-label={text('claims.preview')}>
      <div className="cw-row">
        <h2>{text('claims.preview')}</h2>
        <ObjectSelect
          of="users"
          label={text('word.user')}
          value={user}
          change={(id) => setChosen(id ?? '')}
        />
      </div>
      {user === undefined || user === '' ? null : (
        <PreviewedClaims connection={connection} draft={draft} user={user} />
      )}
    </section>
  )
}

function PreviewedClaims({ connection, draft, user }: TokenPreviewProps & { readonly user: string }) {
  const body = { connection: pickDefinition('connections', connection), user }
  const now = useApi('connections.preview', { body }, { keepPrevious: true })
  const then = useApi(
    'connections.preview',
    {
      body: {
        ...body,
        ...(draft === undefined ? {} : { resourceApp: pickDefinition('resource-apps', draft) }),
      },
    },
    { enabled: draft !== undefined, keepPrevious: true },
  )
  const error = draft === undefined ? now.error : (now.error ?? then.error)
  if (error !== null) return <ErrorState error={error} />
  if (now.data === undefined) return <Loading />
  const shown = draft === undefined || then.data === undefined ? now.data.body : then.data.body
  return <Claims preview={shown} before={now.data.body} />
}

function Claims({ preview, before }: { readonly preview: Preview; readonly before: Preview }) {
  const { decision, token } = preview
  if (token !== null) return <ExampleToken token={token} before={before.token} />
  return (
    <>
      <p>{text('claims.wouldNot')}</p>
      <p className="cw-title-row">
        <OutcomeChip outcome={decision.outcome} narrowed={false} />
        <Token>{decision.code}</Token>
        {decision.summary.admin}
      </p>
    </>
  )
}
