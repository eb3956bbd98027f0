// The unit of systemd under deploy/, as systemd reads it.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { expect, it } from 'vitest'

const UNIT = fileURLToPath(new URL('../../../deploy/systemd/crosswalk.service', import.meta.url))

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0
it.skipIf(!hasSystemd)('the systemd unit is valid, and exposes little (needs systemd-analyze)', () => {
  const verified = spawnSync('systemd-analyze', ['verify', UNIT], { encoding: 'utf8' })
  expect(`${verified.stdout}${verified.stderr}`).not.toContain('crosswalk.service')
  const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', UNIT], { encoding: 'utf8' })
  expect(Number(/Overall exposure level for crosswalk\.service: (\d+\.\d+)/.exec(stdout)?.[1])).toBeLessThan(
    2,
  )
})
