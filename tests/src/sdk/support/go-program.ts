// Compiles and runs the programs of a documentation page, and those of `tests/go`, with the modules that `tests/go` pins.
import { execFile, spawnSync } from 'node:child_process'
import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { createForeignPrograms, type ForeignPrograms, writePrograms } from './foreign-programs.ts'

const MODULE = fileURLToPath(new URL('../../../go', import.meta.url))
/** Without cgo, whose compiler a machine may lack, and from the module cache alone */
const OFFLINE = { ...process.env, CGO_ENABLED: '0', GOPROXY: 'off', GOFLAGS: '-mod=readonly' }

/** Whether there is a Go with the modules, which `go mod download` in `tests/go` fetches */
export const HAS_GO = spawnSync('go', ['mod', 'download'], { cwd: MODULE, env: OFFLINE }).status === 0

/** @param page - whose blocks of Go name their files */
export async function buildGoPrograms(page: URL): Promise<ForeignPrograms> {
  const folder = writePrograms(page, 'go')
  cpSync(MODULE, folder, { recursive: true })
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.go')))
    await promisify(execFile)('go', ['build', '-ldflags=-s -w', file], { cwd: folder, env: OFFLINE })
  return createForeignPrograms(folder, (name) => [join(folder, name)])
}
