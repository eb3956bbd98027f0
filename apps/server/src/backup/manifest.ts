// The manifest of a backup: lets a restore verify that the backup is complete, and what its logs should contain.
import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { StartError } from '@crosswalk/control'
import { z } from 'zod'

export const DATABASE_NAME = 'crosswalk.db'
export const KEY_NAME = 'crosswalk.db.key'
const MANIFEST_NAME = 'backup.json'

const zManifest = z.object({
  schema: z.literal('crosswalk.backup/v1'),
  createdAt: z.iso.datetime(),
  sha256: z.string(),
  hasKey: z.boolean(),
  logs: z.array(z.object({ log: z.string(), chain: z.string(), seq: z.int(), hash: z.string() })),
})
export type Manifest = z.infer<typeof zManifest>

export function writeManifest(folder: string, manifest: Manifest): void {
  writeFileSync(join(folder, MANIFEST_NAME), `${JSON.stringify(manifest, undefined, 2)}\n`, { mode: 0o600 })
}

/** @throws StartError if the folder is not a backup */
export function readManifest(folder: string): Manifest {
  try {
    return zManifest.parse(JSON.parse(readFileSync(join(folder, MANIFEST_NAME), 'utf8')))
  } catch (cause) {
    throw new StartError(
      `${folder} is not a backup: ${MANIFEST_NAME} is missing or unreadable`,
      'name a folder that a backup created',
      { cause, isMisuse: true },
    )
  }
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
