// Vitest set-up of each test file: takes the keys of `test-rsa-keys-setup.ts` in turn instead of generating new ones.
// A worker starts hundreds of servers, and no test has as many RSA keys at once as there are.
import crypto, { createPrivateKey, createPublicKey } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

import { MODULUS_BITS, readKeys } from './test-rsa-keys-setup.ts'

const PATCHED = Symbol.for('crosswalk.test-rsa-keys')
const keys = readKeys()
let taken = 0
const original = crypto.generateKeyPair

type Done = (error: Error | null, publicKey: unknown, privateKey: unknown) => void

function generateKeyPair(type: string, options: { readonly modulusLength?: number }, done: Done): void {
  const pem =
    type === 'rsa' && options.modulusLength === MODULUS_BITS ? keys[taken++ % keys.length] : undefined
  if (pem === undefined) return original(type as never, options as never, done as never)
  const privateKey = createPrivateKey(pem)
  queueMicrotask(() => done(null, createPublicKey(privateKey), privateKey))
}

if (!(PATCHED in original)) {
  // `promisify` returns both keys, as for the original.
  const answerBoth = (type: string, options: { readonly modulusLength?: number }) =>
    new Promise((resolve, reject) =>
      generateKeyPair(type, options, (error, publicKey, privateKey) =>
        error === null ? resolve({ publicKey, privateKey }) : reject(error),
      ),
    )
  Object.assign(crypto, {
    generateKeyPair: Object.assign(generateKeyPair, {
      [PATCHED]: true,
      [Symbol.for('nodejs.util.promisify.custom')]: answerBoth,
    }),
  })
  syncBuiltinESMExports()
}
