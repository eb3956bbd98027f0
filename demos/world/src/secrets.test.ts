import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, it } from 'vitest'

import { openSecrets } from './secrets.ts'

const folder = mkdtempSync(join(tmpdir(), 'world-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('openSecrets', () => {
  it('generates different secrets once, in a file that only its owner can read', () => {
    const path = join(folder, 'secrets.json')
    const secrets = openSecrets(path)
    expect(openSecrets(path)).toEqual(secrets)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const all = [...Object.values(secrets.passwords), ...Object.values(secrets.clients)]
    expect(new Set(all).size).toBe(all.length)
    for (const password of Object.values(secrets.passwords))
      expect(password).toMatch(/^([a-z2-9]{4}-){2}[a-z2-9]{4}$/)
    for (const secret of Object.values(secrets.clients)) expect(secret).toHaveLength(43)
    expect(openSecrets(join(folder, 'other.json')).passwords.alice).not.toBe(secrets.passwords.alice)
  })
})
