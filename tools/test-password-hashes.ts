// Vitest set-up of each test file: hashes and verifies each password once per worker. Every server of a test hashes the
// same passwords of its users, deliberately slowly: about 20 ms of CPU each.
import { createRequire } from 'node:module'

const KNOWN = Symbol.for('crosswalk.test-password-hashes')
const require = createRequire(import.meta.url)
const argon2 = require('@node-rs/argon2') as {
  hash(password: string, options: { readonly salt?: Uint8Array }): Promise<string>
  verify(phc: string, password: string): Promise<boolean>
  [KNOWN]?: Map<string, Promise<unknown>>
}

if (argon2[KNOWN] === undefined) {
  const { hash, verify } = argon2
  const known = new Map<string, Promise<unknown>>()
  const once = <T>(question: readonly unknown[], answer: () => Promise<T>): Promise<T> => {
    const key = JSON.stringify(question)
    const found = (known.get(key) ?? answer()) as Promise<T>
    known.set(key, found)
    return found
  }
  Object.assign(argon2, {
    [KNOWN]: known,
    // Without a salt, argon2 chooses one; here a password keeps its first hash.
    hash: (password: string, options: { readonly salt?: Uint8Array }) =>
      once([password, { ...options, salt: [...(options.salt ?? [])] }], () => hash(password, options)),
    verify: (phc: string, password: string) => once([phc, password], () => verify(phc, password)),
  })
}

/** For a test of hashing itself: the next hash of a password has its own salt. */
export function forgetPasswordHashes(): void {
  argon2[KNOWN]?.clear()
}
