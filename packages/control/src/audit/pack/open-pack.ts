// Opens an evidence pack: the ZIP file, or the folder that some browsers make of it.
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { CopyError } from '../copy-error.ts'
import { openZip, type ZipReader } from './read-zip.ts'

/** @throws CopyError if it is neither */
export async function openPack(path: string): Promise<ZipReader> {
  if (!(await stat(path)).isDirectory()) {
    const zip = await openZip(path)
    if (zip === undefined) throw new CopyError(`${path} is not a ZIP file`)
    return zip
  }
  // File managers leave hidden files.
  const names = (await readdir(path)).filter((name) => !name.startsWith('.'))
  return {
    names,
    read: (name) => (names.includes(name) ? createReadStream(join(path, name)) : emptyStream()),
    close: async () => undefined,
  }
}

async function* emptyStream(): AsyncGenerator<Uint8Array> {}
