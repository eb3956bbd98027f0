// `npm run test:image`: builds the image of deploy/Containerfile from the last commit and runs it (`run-image.ts`).
// Needs buildah, mmdebstrap, nginx and openssl of Debian, root, and some minutes.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { BASE, makeBaseImage } from './base-image.ts'
import { createBuildah, LIMITS } from './buildah.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const IMAGE = 'localhost/crosswalk'

const missing = ['buildah', 'mmdebstrap', 'nginx', 'openssl'].filter(
  (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0,
)
if (missing.length > 0) {
  console.log(`skipped: not installed: ${missing.join(', ')}`)
  process.exit(process.env['CI'] === undefined ? 0 : 1)
}

/** Kept between runs if set, because building the base takes some minutes. */
const kept = process.env['CROSSWALK_IMAGE_STORAGE']
const storage = kept ?? mkdtempSync(join(tmpdir(), 'crosswalk-image-'))
mkdirSync(storage, { recursive: true })
const buildah = createBuildah(storage)
try {
  if (buildah.tryRun('inspect', '--type', 'image', BASE).status !== 0) makeBaseImage(buildah, storage)
  build()
  run()
} finally {
  if (kept === undefined) rmSync(storage, { recursive: true, force: true })
}

function build(): void {
  const context = join(storage, 'context')
  rmSync(context, { recursive: true, force: true })
  mkdirSync(context)
  execFileSync('sh', ['-c', `git archive HEAD | tar --extract --directory '${context}'`], { cwd: ROOT })
  const started = Date.now()
  buildah.run(
    ...['bud', '--isolation', 'chroot', ...LIMITS, '--build-arg', `NODE_IMAGE=${BASE}`, '--tag', IMAGE],
    // Reuses the packages in this machine's cache.
    ...[
      '--volume',
      `${execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim()}:/root/.npm`,
    ],
    ...['--ignorefile', join(context, 'deploy/Containerfile.dockerignore')],
    ...['--file', join(context, 'deploy/Containerfile'), context],
  )
  console.log(`built in ${Math.round((Date.now() - started) / 1000)} s`)
}

/** In a separate process, which trusts the generated certificate. */
function run(): void {
  const certificate = join(storage, 'tls.pem')
  const key = join(storage, 'tls.key')
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
      ...['-keyout', key, '-out', certificate],
    ],
    { stdio: 'ignore' },
  )
  const { status } = spawnSync(
    process.execPath,
    [
      ...process.execArgv,
      fileURLToPath(new URL('run-image.ts', import.meta.url)),
      storage,
      IMAGE,
      certificate,
      key,
    ],
    { stdio: 'inherit', env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate } },
  )
  if (status !== 0) throw new Error('the image does not work as expected')
}
