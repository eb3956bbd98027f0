import { execFile } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { createSecretHasher } from '../client-authentication/secret-hasher.ts'
import { digest, grantIdOf, replayKeyDigest } from './digest.ts'
import { findMasterKey, makeMasterKey } from './master-key.ts'
import { createSealing } from './sealing.ts'

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index * 7)
const sealing = createSealing(KEY)

/** Changes a character in the middle, because unused bits at the end may not matter. */
function changeMiddle(text: string): string {
  const middle = Math.floor(text.length / 2)
  return text.slice(0, middle) + (text[middle] === 'A' ? 'B' : 'A') + text.slice(middle + 1)
}

describe('sealing', () => {
  test.each(['', 'secret', 'ä€😀', 'x'.repeat(10_000)])('opens what it sealed', (text) => {
    const sealed = sealing.seal('label', 'context', text)
    expect(sealed.startsWith(`v1.${sealing.keyId}.`)).toBe(true)
    expect(createSealing(KEY).open('label', 'context', sealed)).toBe(text)
  })

  test('never seals the same way twice', () => {
    expect(sealing.seal('l', 'c', 'x')).not.toBe(sealing.seal('l', 'c', 'x'))
  })

  test.each([
    ['another label', 'other', 'context', (text: string) => text],
    ['another context', 'label', 'other', (text: string) => text],
    ['a changed text', 'label', 'context', (text: string) => changeMiddle(text)],
    ['a shortened text', 'label', 'context', (text: string) => text.slice(0, -4)],
  ])('does not open with %s', (_, label, context, change) => {
    const sealed = sealing.seal('label', 'context', 'secret')
    expect(() => sealing.open(label, context, change(sealed))).toThrow(/changed or belongs elsewhere/)
  })

  test('reports that the master key differs', () => {
    const other = createSealing(Uint8Array.from(KEY, (byte) => byte ^ 1))
    expect(() => other.open('l', 'c', sealing.seal('l', 'c', 'x'))).toThrow(/under master key/)
  })

  test.each(['', 'x', 'v2.a.b', `v1.${sealing.keyId}`, `v1.${sealing.keyId}.AAAA`])('refuses %j', (text) => {
    expect(() => sealing.open('l', 'c', text)).toThrow(/not a sealed text/)
  })

  test('refuses a sealed text with more behind it', () => {
    const sealed = sealing.seal('l', 'c', 'x')
    expect(sealing.open('l', 'c', sealed)).toBe('x')
    expect(() => sealing.open('l', 'c', `${sealed}.more`)).toThrow(/not a sealed text/)
  })

  test('digests depend on key and label', () => {
    const other = createSealing(Uint8Array.from(KEY, (byte) => byte ^ 1))
    expect(sealing.keyedDigest('a', 'x')).toMatch(/^[\w-]{43}$/)
    expect(sealing.keyedDigest('a', 'x')).toBe(createSealing(KEY).keyedDigest('a', 'x'))
    expect(sealing.keyedDigest('b', 'x')).not.toBe(sealing.keyedDigest('a', 'x'))
    expect(other.keyedDigest('a', 'x')).not.toBe(sealing.keyedDigest('a', 'x'))
  })

  test.each([0, 31, 33])('a key of %i bytes is misuse', (length) => {
    expect(() => createSealing(new Uint8Array(length))).toThrow(RangeError)
  })
})

describe('client secrets', () => {
  const hasher = createSecretHasher(sealing)

  test('accepts only the secret', () => {
    const hash = hasher.hash('s3cret')
    expect(hash).not.toContain('s3cret')
    expect(hasher.verify('s3cret', hash)).toBe(true)
    for (const wrong of ['', 's3cre', 's3cret ', 'S3cret']) expect(hasher.verify(wrong, hash)).toBe(false)
  })

  test.each(['', 'plain', 's3cret'])('accepts nothing for a malformed hash: %j', (hash) => {
    expect(hasher.verify('s3cret', hash)).toBe(false)
  })
})

describe('SEC-20 replay keys', () => {
  test('differ by kind and by how their parts are split', () => {
    const keys = [
      replayKeyDigest('id-jag', 'a', 'bc'),
      replayKeyDigest('id-jag', 'ab', 'c'),
      replayKeyDigest('id-jag', 'abc'),
      replayKeyDigest('dpop', 'a', 'bc'),
    ]
    expect(new Set(keys).size).toBe(4)
    for (const key of keys) expect(key).toHaveLength(43)
    expect(digest('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
  })
})

describe('names of grants and uses', () => {
  const earlier = `0192f0a1b2c3${'z'.repeat(22)}`
  const later = `0192f0a1b2c4${'a'.repeat(22)}`

  test('sort by time if the ids do, and stay distinct for distinct ids', () => {
    for (const name of [grantIdOf, (id: string) => replayKeyDigest('id-jag', id, 'issuer')]) {
      expect(name(earlier) < name(later)).toBe(true)
      expect(name(earlier)).toBe(name(earlier))
      expect(name(`0192f0a1b2c3${'y'.repeat(22)}`)).not.toBe(name(earlier))
      expect(name(earlier).length).toBeLessThanOrEqual(64)
      expect(name(earlier)).not.toContain('zzz')
    }
  })

  test.each([
    '',
    'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
    `0192F0A1B2C3${'z'.repeat(22)}`,
    `${earlier}z`,
    earlier.slice(1),
  ])('reveal nothing about an id of another form: %s', (id) => {
    expect(grantIdOf(id)).toBe(digest(id))
    expect(replayKeyDigest('dpop', id)).toHaveLength(43)
  })
})

describe('master key', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crosswalk-key-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })
  const hex = Buffer.from(KEY).toString('hex')
  const base64url = Buffer.from(KEY).toString('base64url')
  const repeatBytes = (different: number) =>
    Buffer.from(Array.from({ length: 32 }, (_, at) => at % different)).toString('hex')

  test.each([
    ['hex', hex],
    ['base64url', base64url],
    ['a line feed at the end', `${hex}\n`],
  ])('from the environment as %s', (_, text) => {
    const file = join(folder, 'unused')
    const found = findMasterKey({ env: { CROSSWALK_KEY: text }, file })
    expect(Buffer.from(found ?? []).toString('hex')).toBe(hex)
    expect(existsSync(file)).toBe(false)
  })

  test.each([
    ['one hex digit short', hex.slice(1), /32 random bytes/],
    ['one hex digit long', `0${hex}`, /32 random bytes/],
    ['one base64url character short', base64url.slice(1), /32 random bytes/],
    ['one base64url character long', `${base64url}A`, /32 random bytes/],
    ['not encoded', 'change me', /32 random bytes/],
    ['all zero', '0'.repeat(64), /does not look random/],
    ['of seven different bytes', repeatBytes(7), /does not look random/],
  ])('refuses an environment variable that is %s, without repeating it', (_, text, message) => {
    const find = () => findMasterKey({ env: { CROSSWALK_KEY: text }, file: join(folder, 'unused') })
    expect(find).toThrow(message)
    expect(find).not.toThrow(new RegExp(text))
  })

  test('accepts a key of eight different bytes', () => {
    const found = findMasterKey({ env: { CROSSWALK_KEY: repeatBytes(8) }, file: join(folder, 'unused') })
    expect(Buffer.from(found ?? []).toString('hex')).toBe(repeatBytes(8))
  })

  test('from the file named by CROSSWALK_KEY_FILE, which other users may read, as with a mounted secret', () => {
    const mounted = join(folder, 'mounted')
    writeFileSync(mounted, `${hex}\n`, { mode: 0o444 })
    const find = (env: Record<string, string>) => findMasterKey({ env, file: join(folder, 'unused') })
    expect(Buffer.from(find({ CROSSWALK_KEY_FILE: mounted }) ?? []).toString('hex')).toBe(hex)
    expect(() => find({ CROSSWALK_KEY_FILE: mounted, CROSSWALK_KEY: hex })).toThrow('both set')
    expect(() => find({ CROSSWALK_KEY_FILE: join(folder, 'none') })).toThrow('name an existing file')
    chmodSync(mounted, 0o600)
    writeFileSync(mounted, hex.slice(2))
    expect(() => find({ CROSSWALK_KEY_FILE: mounted })).toThrow(/mounted of CROSSWALK_KEY_FILE must hold 32/)
  })

  test('makes a file once, readable only by its owner', () => {
    const file = join(folder, 'deep', 'master.key')
    expect(findMasterKey({ env: {}, file })).toBeUndefined()
    const made = makeMasterKey(file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(made).toHaveLength(32)
    expect(findMasterKey({ env: { CROSSWALK_KEY: '' }, file })).toEqual(made)
    expect(makeMasterKey(file)).toEqual(made)
    expect(readdirSync(join(folder, 'deep'))).toEqual(['master.key'])
  })

  test.each([0o640, 0o604, 0o620])('refuses a file of mode %o', (mode) => {
    const file = join(folder, 'master.key')
    writeFileSync(file, hex)
    chmodSync(file, 0o600)
    expect(findMasterKey({ env: {}, file })).toHaveLength(32)
    chmodSync(file, mode)
    expect(() => findMasterKey({ env: {}, file })).toThrow(/chmod 600/)
  })

  test('processes that start concurrently use one key', async () => {
    const program = `import { makeMasterKey } from ${JSON.stringify(new URL('./master-key.ts', import.meta.url).href)}
      process.stdout.write(Buffer.from(makeMasterKey(process.argv[1])).toString('hex'))`
    const file = join(folder, 'master.key')
    const starts = Array.from({ length: 6 }, () =>
      promisify(execFile)(process.execPath, [
        '--conditions=crosswalk-source',
        '--input-type=module',
        '--eval',
        program,
        file,
      ]),
    )
    const keys = (await Promise.all(starts)).map(({ stdout }) => stdout)
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set(keys).size).toBe(1)
    expect(readdirSync(folder)).toEqual(['master.key'])
  })

  test('never overwrites a damaged file', () => {
    const file = join(folder, 'master.key')
    writeFileSync(file, 'damaged', { mode: 0o600 })
    expect(() => findMasterKey({ env: {}, file })).toThrow(/32 random bytes/)
    expect(() => makeMasterKey(file)).toThrow(/32 random bytes/)
    expect(readFileSync(file, 'utf8')).toBe('damaged')
  })
})
