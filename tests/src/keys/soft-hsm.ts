// SoftHSM: a token in files that stands in for an HSM. The library finds its tokens through an environment variable.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describeWith } from '../../../tools/test-programs.ts'
import { findProgram } from '../../../tools/test/find-program.ts'

const UTILITY = findProgram('softhsm2-util')
const FOLDERS = [
  '/usr/lib',
  ...(existsSync('/usr/lib') ? readdirSync('/usr/lib').map((name) => `/usr/lib/${name}`) : []),
]
const MODULE = FOLDERS.map((folder) => join(folder, 'softhsm', 'libsofthsm2.so')).find(existsSync)

function hasLibrary(): boolean {
  try {
    createRequire(import.meta.url).resolve('pkcs11js')
    return true
  } catch {
    return false
  }
}

/** `describe`, skipped without SoftHSM (Debian: softhsm2) or pkcs11js, which is compiled on installation. */
export const describeWithSoftHsm = describeWith(UTILITY !== undefined && MODULE !== undefined && hasLibrary())

export interface SoftHsm {
  /** For `keys.pkcs11` in the configuration */
  readonly settings: { readonly module: string; readonly token: string; readonly pin: string }
  /** As if it were unplugged */
  remove(): void
  putBack(): void
  stop(): void
}

export function startSoftHsm(): SoftHsm {
  if (UTILITY === undefined || MODULE === undefined) throw new Error('SoftHSM is not installed')
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-softhsm-'))
  const [tokens, elsewhere] = [join(folder, 'tokens'), join(folder, 'elsewhere')]
  const file = join(folder, 'softhsm2.conf')
  writeFileSync(file, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`)
  const settings = { module: MODULE, token: 'crosswalk', pin: '271828' }
  const { token, pin } = settings
  mkdirSync(tokens)
  const environment = { ...process.env, SOFTHSM2_CONF: file }
  const init = ['--init-token', '--free', '--label', token, '--pin', pin, '--so-pin', '31415926']
  execFileSync(UTILITY, init, { env: environment, stdio: 'pipe' })
  process.env['SOFTHSM2_CONF'] = file
  return {
    settings,
    remove: () => renameSync(tokens, elsewhere),
    putBack: () => renameSync(elsewhere, tokens),
    stop() {
      delete process.env['SOFTHSM2_CONF']
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
