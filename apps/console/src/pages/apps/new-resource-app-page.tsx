// Registers a resource app, from its published metadata or by hand.
import { Button, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { RequestTo } from '@crosswalk/admin-api'

import { sendChange } from '../../api/changes.ts'
import { useApi } from '../../api/queries.ts'
import { LeaveGuard } from '../../components/leave-guard.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { confirmWithReason } from '../../components/confirm.ts'
import { Loaded, Loading } from '../../components/states.tsx'
import { showDone } from '../../components/toasts.tsx'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { type Discovery, FactList } from '../connections/discovery-facts.tsx'
import { findMissingResourceApp, ResourceAppFields } from './resource-app-fields.tsx'
import { FormFooter } from '../../components/form-footer.tsx'
import './apps.css'
import { Fields, type FormField } from '../../components/form-fields.tsx'
import { pathOf } from '../../components/object/object-path.ts'

type NewResourceApp = RequestTo<'resource-apps.create'>['body']

const EMPTY: NewResourceApp = {
  id: '',
  name: '',
  issuer: '',
  aliases: [],
  subject: 'user.id',
  claims: {},
  requireResource: false,
  resources: [],
  authorizationDetailsTypes: [],
  assignments: { everyone: false, users: [], groups: [] },
  active: true,
}

const ID: readonly FormField<NewResourceApp>[] = [
  { kind: 'word', name: 'id', label: 'word.id', help: 'resourceApp.idHelp' },
]

export function Page() {
  const [draft, setDraft] = useState(EMPTY)
  const navigate = useNavigate()
  const can = useCan()
  const register = () =>
    confirmWithReason({
      title: text('app.registerTitle', { name: draft.name }),
      confirmLabel: text('resourceApps.register'),
      help: text('resourceApp.registerHelp'),
      async confirm(reason) {
        const { id, ...rest } = draft
        const body = { ...rest, ...(id === '' ? {} : { id }) }
        const answer = await sendChange('resource-apps.create', { body, reason })
        showDone({ message: text('app.registered', { name: draft.name }) })
        await navigate({ to: pathOf('resource_app', answer.body.id), ignoreBlocker: true })
      },
    })
  return (
    <>
      <PageHeader title={text('resourceApps.register')} lead={text('resourceApp.registerLead')} />
      <LeaveGuard changed={draft !== EMPTY} />
      {can('discover') ? <MetadataReader found={(found) => setDraft(fillIn(draft, found))} /> : null}
      <div className="cw-card cw-section">
        <ResourceAppFields
          draft={draft}
          change={setDraft}
          idField={<Fields fields={ID} draft={draft} change={setDraft} />}
        />
        <FormFooter
          missing={findMissingResourceApp(draft)}
          label={text('resourceApps.register')}
          run={register}
        />
      </div>
    </>
  )
}

function MetadataReader({ found }: { readonly found: (discovery: Discovery) => void }) {
  const [typed, setTyped] = useState('')
  const [url, setUrl] = useState('')
  const query = useApi('discover', { body: { url } }, { enabled: url !== '' })
  return (
    <div className="cw-card">
      <form
        className="cw-form cw-read-address"
        onSubmit={(event) => {
          event.preventDefault()
          setUrl(typed.trim())
        }}
      >
        <TextInput
          type="url"
          label={text('new.url')}
          description={text('new.urlHelp')}
          spellCheck={false}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <Button type="submit" disabled={typed.trim() === ''}>
          {text('new.readMetadata')}
        </Button>
      </form>
      {url === '' ? null : (
        <Loaded query={query} skeleton={<Loading lines={3} />}>
          {({ body }) => (
            <>
              <FactList discovery={body} />
              {body.issuer === null ? null : (
                <Button mt="sm" onClick={() => found(body)}>
                  {text('resourceApp.fillIn')}
                </Button>
              )}
            </>
          )}
        </Loaded>
      )}
    </div>
  )
}

function fillIn(draft: NewResourceApp, { issuer, resource, scopes }: Discovery): NewResourceApp {
  if (issuer === null) return draft
  return {
    ...draft,
    issuer,
    name: draft.name === '' ? new URL(resource ?? issuer).host : draft.name,
    resources: resource === null ? draft.resources : [{ id: resource, scopes: [...scopes] }],
  }
}
