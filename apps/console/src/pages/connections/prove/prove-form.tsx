// The input for a real exchange: the app's credentials at both servers, and the request. Continues to the sign-in page.
import { Button, Checkbox, NativeSelect, Stack } from '@mantine/core'
import type { AnswerTo, CredentialPlace } from '@crosswalk/admin-api'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'

import { sendChange } from '../../../api/changes.ts'
import { ChangeProblem } from '../../../components/change-problem.tsx'
import '../../../texts/en/proofs.ts'
import { text } from '../../../texts/text.ts'
import type { Parties } from './parties.ts'
import { CredentialField } from './credential-field.tsx'
import { SecretLocation } from './secret-location.tsx'
import { CheckboxList } from '../../../components/fields.tsx'
import { pathOf } from '../../../components/object/object-path.ts'

/** Anchor for retrying. */
export const PROVE_FORM_ID = 'prove'

type Kind = 'secret' | 'private_key' | 'none' | 'kept'
type ResourceKind = Kind | 'omit'

interface ProveInput {
  readonly kind: Kind
  readonly credential: string
  readonly there: ResourceKind
  readonly credentialThere: string
  readonly resource: string
  readonly scopes: readonly string[]
  readonly call: boolean
}

interface ProveFormProps extends Parties {
  readonly places: AnswerTo<'connections.proof-credentials'>
}

export function ProveForm({ connection, app, places }: ProveFormProps) {
  const entry = kindOf(app.auth?.method)
  const [entered, setEntered] = useState<ProveInput>({
    kind: places.atIdp.kept ? 'kept' : entry,
    credential: '',
    there: places.atResource.kept ? 'kept' : 'secret',
    credentialThere: '',
    resource: connection.resources[0] ?? '',
    scopes: connection.scopes,
    call: false,
  })
  const set = (change: Partial<ProveInput>) => setEntered({ ...entered, ...change })
  const { leave, busy, problem } = useLeave(connection.id)
  return (
    <form
      id={PROVE_FORM_ID}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void leave(buildInput(entered))
      }}
    >
      <Stack gap="lg" className="cw-form">
        <p className="cw-quiet-text">{text('prove.formHelp')}</p>
        {problem === undefined ? null : <ChangeProblem error={problem} />}
        <IdpCredential app={app} entry={entry} place={places.atIdp} entered={entered} set={set} />
        <ResourceCredential app={app} place={places.atResource} entered={entered} set={set} />
        <RequestFields connection={connection} entered={entered} set={set} />
        {entered.kind === 'kept' && entered.there === 'kept' ? null : (
          <p className="cw-quiet-text">{text('prove.notStored')}</p>
        )}
      </Stack>
      <div className="cw-dialog-buttons">
        <Button type="submit" variant="filled" loading={busy}>
          {text('prove.action')}
        </Button>
      </div>
    </form>
  )
}

interface CredentialProps {
  readonly app: Parties['app']
  readonly place: CredentialPlace
  readonly entered: ProveInput
  readonly set: (change: Partial<ProveInput>) => void
}

interface IdpCredentialProps extends CredentialProps {
  /** Authentication method, if no secret is stored */
  readonly entry: Kind
}

function IdpCredential({ app, entry, place, entered: { kind, credential }, set }: IdpCredentialProps) {
  if (entry === 'none') return <p>{text('prove.noCredential', { app: app.name })}</p>
  return (
    <>
      {place.kept ? (
        <Checkbox
          label={text('prove.stored.label')}
          description={text('prove.stored.help', { place: place.keptIn ?? place.issuer })}
          checked={kind === 'kept'}
          onChange={({ currentTarget: { checked } }) => set({ kind: checked ? 'kept' : entry })}
        />
      ) : null}
      {kind === 'secret' || kind === 'private_key' ? (
        <CredentialField
          kind={kind}
          label={text(kind === 'secret' ? 'prove.secret' : 'prove.key', { app: app.name })}
          help={
            kind === 'secret' ? <SecretLocation app={app} place={place} at="idp" /> : text('prove.keyHelp')
          }
          value={credential}
          change={(typed) => set({ credential: typed })}
        />
      ) : null}
    </>
  )
}

function ResourceCredential({ app, place, entered: { there, credentialThere }, set }: CredentialProps) {
  return (
    <>
      <NativeSelect
        label={text('prove.there', { client: place.clientId })}
        description={
          there === 'kept'
            ? text('prove.stored.help', { place: place.keptIn ?? place.issuer })
            : text('prove.thereHelp', { issuer: place.issuer })
        }
        data={[
          ...(place.kept ? [{ value: 'kept', label: text('prove.stored.label') }] : []),
          { value: 'secret', label: text('word.clientSecret') },
          { value: 'private_key', label: text('prove.method.private_key') },
          { value: 'none', label: text('prove.method.none') },
          { value: 'omit', label: text('prove.there.omit') },
        ]}
        value={there}
        onChange={({ currentTarget }) =>
          set({ there: currentTarget.value as ResourceKind, credentialThere: '' })
        }
      />
      {there === 'secret' || there === 'private_key' ? (
        <CredentialField
          kind={there}
          label={text(there === 'secret' ? 'prove.thereSecret' : 'prove.thereKey')}
          help={
            there === 'secret' ? (
              <SecretLocation app={app} place={place} at="resource" />
            ) : (
              text('prove.keyHelp')
            )
          }
          value={credentialThere}
          change={(typed) => set({ credentialThere: typed })}
        />
      ) : null}
    </>
  )
}

interface RequestFieldsProps extends Pick<Parties, 'connection'> {
  readonly entered: ProveInput
  readonly set: (change: Partial<ProveInput>) => void
}

function RequestFields({ connection: { resources, scopes }, entered, set }: RequestFieldsProps) {
  return (
    <>
      {resources.length < 2 ? null : (
        <NativeSelect
          label={text('word.resource')}
          data={[...resources]}
          value={entered.resource}
          onChange={({ currentTarget }) => set({ resource: currentTarget.value })}
        />
      )}
      {scopes.length === 0 ? null : (
        <CheckboxList
          label={text('decision.scope')}
          choices={scopes}
          value={entered.scopes}
          change={(chosen) => set({ scopes: chosen })}
        />
      )}
      {entered.there === 'omit' ? null : (
        <Checkbox
          label={text('prove.call')}
          description={text('prove.callHelp')}
          checked={entered.call}
          onChange={({ currentTarget }) => set({ call: currentTarget.checked })}
        />
      )}
    </>
  )
}

/** An app with a metadata document has no shared secret. */
function kindOf(method: string | undefined): Kind {
  if (method === 'none') return 'none'
  return method === undefined || method === 'private_key_jwt' ? 'private_key' : 'secret'
}

function toCredential(kind: Kind, value: string) {
  if (kind === 'secret') return { kind, secret: value }
  return kind === 'private_key' ? { kind, key: value } : { kind }
}

function buildInput({ kind, credential, there, credentialThere, resource, scopes, call }: ProveInput) {
  return {
    credential: toCredential(kind, credential),
    ...(there === 'omit' ? {} : { atResource: toCredential(there, credentialThere), call }),
    resource,
    scope: [...scopes],
  }
}

/** Replaces the history entry, so that the back button leads to the result and not to the entered secrets. */
function useLeave(id: string) {
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(undefined)
  async function leave(body: ReturnType<typeof buildInput>): Promise<void> {
    setBusy(true)
    setProblem(undefined)
    try {
      const { body: begun } = await sendChange('connections.prove', { params: { id }, body })
      const to = `${pathOf('connection', id)}/prove`
      await navigate({ to, search: { run: begun.id }, replace: true })
      window.location.assign(begun.url)
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  return { leave, busy, problem }
}
