// Guessable secrets: those that programs present to us should have 128 bits of strength. Only a warning, because the
// file does not show how a secret was generated.
import type { DirectoryDefinition } from '../directory-schema.ts'
import { type FileFinding, type Path, valueAt } from '../finding.ts'
import type { Entry } from '../view.ts'
import type { FileCheck } from './check.ts'

const ENOUGH_BITS = 128
const SHORTEST_ADMIN_TOKEN = 32
/** With fewer distinct characters, a long secret is considered a repetition. */
const FEW_CHARACTERS = 8
const ALPHABETS = [
  { size: 10, form: /^[0-9]*$/ },
  { size: 16, form: /^([0-9a-f]*|[0-9A-F]*)$/ },
  { size: 26, form: /^([a-z]*|[A-Z]*)$/ },
  { size: 36, form: /^([0-9a-z]*|[0-9A-Z]*)$/ },
  { size: 52, form: /^[A-Za-z]*$/ },
  { size: 62, form: /^[0-9A-Za-z]*$/ },
  { size: 64, form: /^([\w-]*|[0-9A-Za-z+/]*=*)$/ },
] as const
/** Printable ASCII */
const WHOLE_ALPHABET = 95

export const checkSecrets: FileCheck = (view) => [
  ...checkAdminToken(valueAt(view.raw, ['admin', 'token'])),
  ...view.directories.flatMap(checkDirectory),
  ...[...view.apps, ...view.servers.flatMap(({ clients }) => clients)].flatMap(checkClient),
]

/** A token that is too short is a separate error. */
function checkAdminToken(token: unknown): readonly FileFinding[] {
  return typeof token === 'string' && token.length >= SHORTEST_ADMIN_TOKEN
    ? checkSecret(['admin', 'token'], token, 'the admin token')
    : []
}

type Auth = {
  readonly auth: {
    readonly method: string
    readonly secret?: string | undefined
    readonly previousSecret?: string | undefined
  }
}

function checkClient({ path, value }: Entry<Auth>): readonly FileFinding[] {
  const { secret, previousSecret } = value?.auth ?? {}
  return [
    ...checkSecret([...path, 'auth', 'secret'], secret, 'the client secret'),
    ...checkSecret([...path, 'auth', 'previousSecret'], previousSecret, 'the previous client secret'),
  ]
}

function checkDirectory({ path, value }: Entry<DirectoryDefinition>): readonly FileFinding[] {
  return [value?.token ?? []].flat().flatMap((token) => checkSecret([...path, 'token'], token, 'the token'))
}

function checkSecret(path: Path, secret: unknown, name: string): readonly FileFinding[] {
  if (typeof secret !== 'string' || secret === '') return []
  const bits = Math.floor(estimateBits(secret))
  if (bits >= ENOUGH_BITS) return []
  const what = `${name} has at most ${bits} bits of strength, fewer than ${ENOUGH_BITS}`
  return [{ path, severity: 'warning', what, fix: 'use 32 random bytes: `openssl rand -hex 32`' }]
}

/** @returns the strength if every character was drawn at random from the smallest matching alphabet */
function estimateBits(secret: string): number {
  const different = new Set(secret).size
  const alphabet = ALPHABETS.find(({ form }) => form.test(secret))?.size ?? WHOLE_ALPHABET
  const characters = secret.replace(/=+$/, '').length
  return characters * Math.log2(different < FEW_CHARACTERS ? different : alphabet)
}
