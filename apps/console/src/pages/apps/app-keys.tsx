// How an app proves who it is, and giving it a new secret, other keys, or another way.
import { Button, Modal } from '@mantine/core'
import { IconKey, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { type Action, ActionButton, useWhyNot } from '../../components/actions.tsx'
import { Copyable } from '../../components/code-block.tsx'
import { type Fact, Facts } from '../../components/facts.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { describeAuth } from './app-state.ts'
import { type AuthDraft, AuthFields, NO_AUTH, toAuth } from './auth-fields.tsx'
import { ShownOnce } from './shown-once.tsx'
import './apps.css'
import type { App } from './app-state.ts'
import type { DialogProps } from '../../hooks/use-dialog.ts'
import { smallIcon } from '../../components/small-icon.tsx'

interface AppKeysProps {
  readonly app: App
  readonly etag: string
}

export function AppKeys({ app, etag }: AppKeysProps) {
  const [open, setOpen] = useState<'secret' | 'auth' | undefined>(undefined)
  const [secret, setSecret] = useState<string | undefined>(undefined)
  const close = () => setOpen(undefined)
  return (
    <>
      {secret === undefined ? null : <ShownOnce secret={secret} stored={() => setSecret(undefined)} />}
      <div className="cw-card">
        <Facts facts={[[text('apps.auth'), describeAuth(app.auth)], ...listKeys(app.auth)]} />
        <p className="cw-quiet-text">{text(`app.authHelp.${app.auth.method}`)}</p>
      </div>
      <KeyActions app={app} open={setOpen} />
      <NewSecret app={app} etag={etag} opened={open === 'secret'} close={close} made={setSecret} />
      <OtherAuth app={app} etag={etag} opened={open === 'auth'} close={close} made={setSecret} />
    </>
  )
}

function listKeys(auth: App['auth']): readonly Fact[] {
  if (auth.method !== 'private_key_jwt') return []
  if (auth.jwksUri !== undefined)
    return [[text('app.jwksUri'), <Copyable key="uri" what={text('app.jwksUri')} value={auth.jwksUri} />]]
  return (auth.jwks?.keys ?? []).map((key, index) => [
    text('app.key', { n: index + 1 }),
    <Copyable
      key={index}
      what={text('app.key', { n: index + 1 })}
      value={[key['kid'], key['alg'] ?? key['kty']].filter((part) => typeof part === 'string').join(' · ')}
    />,
  ])
}

function KeyActions({ app, open }: { readonly app: App; readonly open: (what: 'secret' | 'auth') => void }) {
  const whyNot = useWhyNot()
  const disabled = whyNot('apps.change') ?? (app.owner === 'file' ? text('connection.fileOwned') : undefined)
  const actions: readonly Action[] = [
    ...(app.auth.method.startsWith('client_secret')
      ? [
          {
            label: text('app.newSecret'),
            icon: smallIcon(IconRefresh),
            disabled,
            run: () => open('secret'),
          },
        ]
      : []),
    {
      label: text('app.otherAuth'),
      icon: smallIcon(IconKey),
      disabled,
      run: () => open('auth'),
    },
  ]
  return (
    <div className="cw-actions cw-below">
      {actions.map((action) => (
        <ActionButton key={action.label} action={action} />
      ))}
    </div>
  )
}

interface KeyDialogProps extends AppKeysProps, DialogProps {
  readonly made: (secret: string) => void
}

const SECRET_BYTES = 32

/** The same strength as a secret that the server makes. */
function makeSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

function NewSecret({ app, etag, opened, close, made }: KeyDialogProps) {
  const change = useChange('apps.change')
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      danger
      title={text('app.newSecretTitle', { name: app.name })}
      confirmLabel={text('app.newSecret').replace('…', '')}
      confirm={async (reason) => {
        const secret = makeSecret()
        await change.mutateAsync({
          params: { id: app.id },
          ifMatch: etag,
          body: { auth: { method: app.auth.method, secret } },
          reason,
        })
        made(secret)
        showDone({ message: text('app.newSecretDone') })
      }}
      help={text('app.newSecretHelp')}
    />
  )
}

function OtherAuth(props: KeyDialogProps) {
  const [asking, setAsking] = useState<ReturnType<typeof toAuth>>(undefined)
  const change = useChange('apps.change')
  const { app, etag, opened, close, made } = props
  return (
    <>
      <Modal opened={opened && asking === undefined} onClose={close} title={text('app.otherAuth')} size="lg">
        <AuthForm app={app} close={close} next={setAsking} />
      </Modal>
      <ReasonDialog
        opened={opened && asking !== undefined}
        close={() => {
          setAsking(undefined)
          close()
        }}
        danger
        title={text('app.otherAuthTitle', { name: app.name })}
        confirmLabel={text('form.save')}
        confirm={async (reason) => {
          if (asking === undefined) return
          const { body } = await change.mutateAsync({
            params: { id: app.id },
            ifMatch: etag,
            body: { auth: replaceAuth(app.auth, asking) },
            reason,
          })
          if ('secret' in body.auth && body.auth.secret !== undefined) made(body.auth.secret)
          showDone({ message: text('edit.saved') })
        }}
        help={text('app.otherAuthHelp')}
      />
    </>
  )
}

/** A merge patch that leaves nothing of the old way. */
function replaceAuth(before: App['auth'], after: object): Readonly<Record<string, unknown>> {
  const gone = Object.keys(before).filter((name) => !(name in after))
  return { ...Object.fromEntries(gone.map((name) => [name, null])), ...after }
}

interface AuthFormProps {
  readonly app: App
  readonly close: () => void
  readonly next: (auth: ReturnType<typeof toAuth>) => void
}

function AuthForm({ app, close, next }: AuthFormProps) {
  const [draft, setDraft] = useState<AuthDraft>({ ...NO_AUTH, method: app.auth.method })
  const auth = toAuth(draft)
  return (
    <>
      <AuthFields draft={draft} change={setDraft} />
      <div className="cw-dialog-buttons">
        <Button onClick={close}>{text('form.cancel')}</Button>
        <Button variant="filled" disabled={auth === undefined} onClick={() => next(auth)}>
          {text('form.continue')}
        </Button>
      </div>
    </>
  )
}
