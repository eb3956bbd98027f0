import { createSealing, createSecretHasher } from '@crosswalk/as-core'
import { type ObjectStore, openStorage } from '@crosswalk/storage'
import { expect, it, onTestFinished } from 'vitest'

import { parseConfiguration } from '../config-file/load-configuration.ts'
import { createDirectory } from './directory.ts'

const GROUP = { collection: 'groups', id: 'g', by: 'tester', at: 0, body: { id: 'g', members: [] } }

/** A directory whose own changes go through `put`, and what its store is told by others. */
async function open(put: (store: ObjectStore) => ObjectStore['put']) {
  const file = { baseUrl: 'http://127.0.0.1:4000', database: 'sqlite::memory:', idp: {} }
  const { configuration } = parseConfiguration(JSON.stringify(file), 'test.json', {})
  if (configuration === undefined) throw new Error('the configuration is not valid')
  const storage = await openStorage('sqlite::memory:')
  const sealing = createSealing(new Uint8Array(32))
  const directory = await createDirectory({
    ...{ configuration, sealing, hasher: createSecretHasher(sealing) },
    objects: { ...storage.objects, put: put(storage.objects) },
    onFault: (fault) => expect.unreachable(String(fault)),
  })
  onTestFinished(async () => {
    directory.close()
    await storage.close()
  })
  return directory
}

it('takes over what others changed while a change of its own failed', async () => {
  const directory = await open((store) => async () => {
    await store.put(GROUP)
    throw new Error('the connection was cut')
  })
  await expect(directory.put({ ...GROUP, id: 'own' })).rejects.toThrow('cut')
  await expect.poll(() => [...directory.current().world.groups.keys()]).toEqual(['g'])
})

it('takes over a change of its own that was made although its answer was lost', async () => {
  const directory = await open((store) => async (change) => {
    await store.put(change)
    throw new Error('the connection was cut')
  })
  await expect(directory.put(GROUP)).rejects.toThrow('cut')
  await expect.poll(() => [...directory.current().world.groups.keys()]).toEqual(['g'])
})
