// Fields for client authentication: a generated secret, the client's own keys, or none.
import { Textarea } from '@mantine/core'

import { text } from '../../texts/text.ts'
import { RadioField } from '../../components/fields.tsx'
import { Fields, type FormField } from '../../components/form-fields.tsx'

const METHODS = ['private_key_jwt', 'client_secret_basic', 'client_secret_post', 'none'] as const

/** As entered; `toAuth` converts it for the request. */
export interface AuthDraft {
  readonly method: (typeof METHODS)[number]
  readonly jwksUri: string
  readonly jwks: string
}

export const NO_AUTH: AuthDraft = { method: 'client_secret_basic', jwksUri: '', jwks: '' }

const JWKS_URI: readonly FormField<AuthDraft>[] = [
  { kind: 'url', name: 'jwksUri', label: 'app.jwksUri', help: 'app.jwksUriHelp' },
]

interface AuthFieldsProps {
  readonly draft: AuthDraft
  readonly change: (draft: AuthDraft) => void
}

export function AuthFields({ draft, change }: AuthFieldsProps) {
  return (
    <>
      <RadioField
        label={text('word.authentication')}
        choices={METHODS.map((method) => ({
          value: method,
          label: text(`app.auth.${method}`),
          description: text(`app.authHelp.${method}`),
        }))}
        value={draft.method}
        change={(method) => change({ ...draft, method })}
      />
      {draft.method === 'private_key_jwt' ? (
        <>
          <Fields fields={JWKS_URI} draft={draft} change={change} />
          <Textarea
            label={text('app.jwks')}
            description={text('app.jwksHelp')}
            autosize
            minRows={3}
            maxRows={12}
            spellCheck={false}
            value={draft.jwks}
            error={
              draft.jwks !== '' && parseJwks(draft.jwks) === undefined ? text('app.jwksWrong') : undefined
            }
            onChange={({ currentTarget }) => change({ ...draft, jwks: currentTarget.value })}
          />
        </>
      ) : null}
    </>
  )
}

interface Jwks {
  readonly keys: Record<string, unknown>[]
}

/** @returns undefined if it is not a key set; a single key counts as a set of one */
export function parseJwks(typed: string): Jwks | undefined {
  try {
    const parsed: unknown = JSON.parse(typed)
    if (typeof parsed !== 'object' || parsed === null) return undefined
    if ('keys' in parsed && Array.isArray(parsed.keys)) return parsed as Jwks
    return 'kty' in parsed ? { keys: [parsed as Record<string, unknown>] } : undefined
  } catch {
    return undefined
  }
}

/** @returns undefined while incomplete */
export function toAuth({ method, jwksUri, jwks }: AuthDraft) {
  if (method !== 'private_key_jwt') return { method }
  if (jwksUri.trim() !== '') return jwks.trim() === '' ? { method, jwksUri: jwksUri.trim() } : undefined
  const keys = parseJwks(jwks)
  return keys === undefined ? undefined : { method, jwks: { keys: [...keys.keys] } }
}
