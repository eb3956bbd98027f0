// Loads a PKCS#11 module for the lifetime of the process. If it were unloaded with the last thread, handlers that it
// registered with the system would point to unmapped code and crash the process.
import { StartError } from '@crosswalk/control'

import { messageOf } from '../../message-of.ts'
import { type Cryptoki, LIBRARY_ADVICE, loadLibrary } from './library.ts'

const pinned = new Map<string, Cryptoki>()

/** @throws StartError if the library is not installed or the module cannot be loaded */
export async function pinModule(path: string, load = loadLibrary): Promise<void> {
  if (pinned.has(path)) return
  const library = await load().catch((error: unknown) => {
    throw new StartError(`PKCS#11 needs the package pkcs11js: ${messageOf(error)}`, LIBRARY_ADVICE, {
      cause: error,
    })
  })
  try {
    library.load(path)
  } catch (error) {
    const message = `the PKCS#11 module ${path} cannot be loaded: ${messageOf(error)}`
    throw new StartError(message, 'fix `keys.pkcs11.module`', { cause: error })
  }
  pinned.set(path, library)
}
