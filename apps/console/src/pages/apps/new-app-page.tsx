// Registers a requesting app. A generated secret is shown here once.
import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { AnswerTo, RequestTo } from '@crosswalk/admin-api'

import { sendChange } from '../../api/changes.ts'
import { confirmWithReason } from '../../components/confirm.ts'
import { copyFact, Facts } from '../../components/facts.tsx'
import { LeaveGuard } from '../../components/leave-guard.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { AppFields, findUnusable } from './app-fields.tsx'
import { AuthFields, NO_AUTH, toAuth } from './auth-fields.tsx'
import { OneTimeSecret } from '../../components/one-time-secret.tsx'
import { Fields, type FormField } from '../../components/form-fields.tsx'
import { FormFooter } from '../../components/form-footer.tsx'
import './apps.css'
import { pathOf } from '../../components/object/object-path.ts'

type NewApp = Omit<RequestTo<'apps.create'>['body'], 'auth'>

const EMPTY: NewApp = {
  id: '',
  name: '',
  kind: 'agent',
  redirectUris: [],
  postLogoutRedirectUris: [],
  owners: [],
  assignments: { everyone: false, users: [], groups: [] },
  active: true,
}

const ID: readonly FormField<NewApp>[] = [
  { kind: 'word', name: 'id', label: 'word.clientID', help: 'app.idHelp' },
]

export function Page() {
  const [created, setCreated] = useState<AnswerTo<'apps.create'> | undefined>(undefined)
  return (
    <>
      <PageHeader
        title={created === undefined ? text('apps.register') : text('app.registered', { name: created.name })}
        lead={text(created === undefined ? 'app.registerLead' : 'app.registeredLead')}
      />
      {created === undefined ? <RegisterForm onCreated={setCreated} /> : <Registered app={created} />}
    </>
  )
}

function RegisterForm({ onCreated }: { readonly onCreated: (app: AnswerTo<'apps.create'>) => void }) {
  const [draft, setDraft] = useState<NewApp>(EMPTY)
  const [auth, setAuth] = useState(NO_AUTH)
  const sent = toAuth(auth)
  const { id, ...rest } = draft
  const missing = findMissing(draft, sent)
  const register = () =>
    sent &&
    confirmWithReason({
      title: text('app.registerTitle', { name: draft.name }),
      confirmLabel: text('apps.register'),
      help: text('app.registerHelp'),
      done: text('app.registered', { name: draft.name }),
      async confirm(reason) {
        const body = { ...rest, ...(id === '' ? {} : { id }), auth: sent }
        onCreated((await sendChange('apps.create', { body, reason })).body)
      },
    })
  return (
    <div className="cw-card">
      <LeaveGuard changed={draft !== EMPTY || auth !== NO_AUTH} />
      <div className="cw-form">
        <AppFields
          draft={draft}
          change={setDraft}
          authentication={<AuthFields draft={auth} change={setAuth} />}
          idField={<Fields fields={ID} draft={draft} change={setDraft} />}
        />
      </div>
      <FormFooter missing={missing} label={text('apps.register')} run={register} />
    </div>
  )
}

function findMissing({ name, redirectUris }: NewApp, auth: unknown): string | undefined {
  if (name.trim() === '') return text('app.needsName')
  return auth === undefined ? text('app.needsKeys') : findUnusable(redirectUris)
}

function Registered({ app }: { readonly app: AnswerTo<'apps.create'> }) {
  const navigate = useNavigate()
  const { issuer } = useSession()
  const secret = 'secret' in app.auth ? app.auth.secret : undefined
  const [stored, setStored] = useState(secret === undefined)
  return (
    <>
      {secret === undefined ? null : <OneTimeSecret secret={secret} stored={() => setStored(true)} />}
      <div className="cw-card">
        <Facts
          facts={[
            copyFact('word.clientID', app.id),
            issuer === undefined ? null : copyFact('word.issuer', issuer),
          ]}
        />
      </div>
      <div className="cw-dialog-buttons">
        <Button disabled={!stored} onClick={() => void navigate({ to: pathOf('app', app.id) })}>
          {text('app.open')}
        </Button>
        <Button
          variant="filled"
          disabled={!stored}
          onClick={() => void navigate({ to: '/connections/new', search: { app: app.id } })}
        >
          {text('nav.newConnection')}
        </Button>
      </div>
    </>
  )
}
