// `npm run release:version`: sets the next version of packages and chart according to `.changeset`, and adds the
// section to the changelog. Publishes nothing: a tag on the commit does (`.github/workflows/release.yml`).
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { readSummary, releaseChangelog } from './changelog.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CHANGELOG = join(ROOT, 'CHANGELOG.md')
const CHART = join(ROOT, 'deploy/helm/crosswalk/Chart.yaml')
const CHANGESETS = join(ROOT, '.changeset')

const summaries = readdirSync(CHANGESETS)
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => readSummary(readFileSync(join(CHANGESETS, name), 'utf8')))
run('npx', '--yes', '@changesets/cli@2', 'version')
const { version } = JSON.parse(readFileSync(join(ROOT, 'apps/server/package.json'), 'utf8')) as {
  version: string
}
const date = new Date().toISOString().slice(0, 10)
writeFileSync(CHANGELOG, releaseChangelog(readFileSync(CHANGELOG, 'utf8'), { version, date, summaries }))
const chart = readFileSync(CHART, 'utf8')
writeFileSync(CHART, chart.replaceAll(/^(version|appVersion): .*$/gm, `$1: ${version}`))
run('npm', 'install', '--ignore-scripts')
run('npm', 'run', 'generate')
console.log(`next: review, commit, and tag the commit v${version}`)

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' })
}
