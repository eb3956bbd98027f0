// Vitest global set-up: RSA keys generated once per checkout. Generation takes a second, and every IdP in a test
// needs one.
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const FILE = join(import.meta.dirname, '../node_modules/.cache/crosswalk/test-rsa-keys.json')
const KEYS = 8
export const MODULUS_BITS = 3072

export function setup(): void {
  if (existsSync(FILE)) return
  const keys = Array.from({ length: KEYS }, () =>
    generateKeyPairSync('rsa', { modulusLength: MODULUS_BITS }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    }),
  )
  mkdirSync(dirname(FILE), { recursive: true })
  const written = `${FILE}.${process.pid}`
  writeFileSync(written, JSON.stringify(keys), { mode: 0o600 })
  renameSync(written, FILE)
}

/** @returns the keys in PEM */
export function readKeys(): string[] {
  return JSON.parse(readFileSync(FILE, 'utf8')) as string[]
}
