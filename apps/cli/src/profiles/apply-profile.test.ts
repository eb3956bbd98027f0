// Which profile a command uses. What a user names counts most, then the environment, then the profile chosen last.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Command } from 'commander'
import { afterAll, expect, it } from 'vitest'

import { applyProfile } from './apply-profile.ts'
import { writeProfiles } from './profile-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'profiles-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PLACE = { CROSSWALK_PROFILES: join(folder, 'profiles.json') }
const SHARED = 'http://shared.test'
const OTHER = 'http://other.test'
const NAMED = ['--profile', 'owner']
writeProfiles(PLACE, {
  current: 'auditor',
  profiles: {
    owner: { server: SHARED, token: 'token of owner' },
    auditor: { server: SHARED, token: 'token of auditor' },
    other: { server: OTHER, token: 'token of other' },
  },
})

interface Given {
  readonly args?: readonly string[]
  /** The server in the environment */
  readonly server?: string
  readonly env?: Readonly<Record<string, string>>
}

/** @returns the server and token that a command gets */
function apply({ args = [], server, env = {} }: Given): readonly unknown[] {
  const command = new Command().option('--server <url>').option('--profile <name>')
  if (server !== undefined) command.setOptionValueWithSource('server', server, 'env')
  command.parse(args, { from: 'user' })
  const { CROSSWALK_ADMIN_TOKEN: token } = applyProfile(command, { env: { ...PLACE, ...env } })
  return [command.opts()['server'], token]
}

it.each<[string, Given, readonly unknown[]]>([
  ['the one chosen last', {}, [SHARED, 'token of auditor']],
  ['of several for a server, the one chosen last', { server: SHARED }, [SHARED, 'token of auditor']],
  ['the one for the server', { server: OTHER }, [OTHER, 'token of other']],
  ['none for another server', { server: 'http://new.test' }, ['http://new.test', undefined]],
  [
    'the one named, whatever server the environment names',
    { args: NAMED, server: OTHER },
    [SHARED, 'token of owner'],
  ],
  [
    'none if the environment has a token',
    { env: { CROSSWALK_ADMIN_TOKEN: 'x' }, server: SHARED },
    [SHARED, 'x'],
  ],
  [
    'the one chosen last if that token is empty',
    { env: { CROSSWALK_ADMIN_TOKEN: '' } },
    [SHARED, 'token of auditor'],
  ],
])('applies %s', (_, given, expected) => {
  expect(apply(given)).toEqual(expected)
})

it('finds no profile named like a member of Object.prototype', () => {
  expect(() => apply({ args: ['--profile', 'constructor'] })).toThrow('no profile constructor')
})
