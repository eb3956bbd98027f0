// Builds a base image like the official Node.js image, for machines without access to an image registry: Debian by
// mmdebstrap, with npm and the Node.js that this repository is tested on.
import { execFileSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { type createBuildah, LIMITS } from './buildah.ts'

const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt'

export const BASE = 'localhost/crosswalk-node'

export function makeBaseImage({ run }: ReturnType<typeof createBuildah>, folder: string): void {
  const tar = join(folder, 'debian.tar')
  const packages = '--include=ca-certificates,libatomic1,passwd'
  if (!existsSync(tar))
    execFileSync('mmdebstrap', ['--variant=minbase', packages, 'bookworm', tar], { stdio: 'ignore' })
  const container =
    run('from', ...LIMITS, 'scratch')
      .split('\n')
      .at(-1) ?? ''
  run('add', container, tar, '/')
  run('copy', container, process.execPath, '/usr/local/bin/node')
  run('copy', container, findNpm(), '/usr/local/lib/node_modules/npm')
  // The certificates that this machine trusts: the registry may be behind a company proxy.
  run('copy', container, CERTIFICATES, CERTIFICATES)
  run('config', '--env', `NODE_EXTRA_CA_CERTS=${CERTIFICATES}`, container)
  run(
    ...['run', '--isolation', 'chroot', container, '--'],
    ...['ln', '-s', '/usr/local/lib/node_modules/npm/bin/npm-cli.js', '/usr/local/bin/npm'],
  )
  run('commit', '--rm', container, BASE)
}

function findNpm(): string {
  const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim()
  return dirname(dirname(realpathSync(npm)))
}
