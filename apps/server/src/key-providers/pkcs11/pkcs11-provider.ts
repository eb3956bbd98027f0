// Keys in an HSM through PKCS#11. They are generated in the device as non-extractable, and referenced by id.
import { type CreatedKey, KEY_URI_PREFIX, type KeyProvider, KeyProviderFault } from '@crosswalk/as-core'
import { StartError } from '@crosswalk/control'

import type { Job, JobValue, TokenSettings } from './messages.ts'
import { pinModule } from './pin-module.ts'
import { createThreads } from './threads.ts'

export interface Pkcs11Settings extends TokenSettings {
  /** Concurrent signatures */
  readonly sessions: number
}

const NAME = 'pkcs11'

/**
 * A token that is not present now may appear later.
 *
 * @throws StartError if the library is not installed, the module cannot be loaded or the PIN is wrong
 */
export async function openPkcs11Provider({ sessions, ...settings }: Pkcs11Settings): Promise<KeyProvider> {
  await pinModule(settings.module)
  const threads = createThreads(settings, { size: sessions })

  async function run(job: Job): Promise<JobValue> {
    const reply = await threads.run(job)
    if (reply.ok) return reply.value
    throw new KeyProviderFault(NAME, reply.what)
  }

  const first = await threads.run({ do: 'look', uri: undefined })
  if (!first.ok && first.kind === 'setup') {
    await threads.close()
    throw new StartError(first.what, 'fix `keys.pkcs11`, and check the module and token it names')
  }
  return {
    name: NAME,
    uriPrefix: KEY_URI_PREFIX[NAME],
    createKey: async (algorithm, label) => (await run({ do: 'create', algorithm, label })) as CreatedKey,
    async discardKey(uri) {
      await run({ do: 'discard', uri })
    },
    sign: async (uri, algorithm, data) => (await run({ do: 'sign', uri, algorithm, data })) as Uint8Array,
    async findTrouble(uri) {
      const reply = await threads.run({ do: 'look', uri })
      return reply.ok ? undefined : reply.what
    },
    close: () => threads.close(),
  }
}
