// What is written is read again, in any order; a file that is no ZIP file is recognised. Other programs read it too: the
// first bytes and the end are as the format says.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, it } from 'vitest'

import { openZip } from './read-zip.ts'
import { writeZip, type ZipFile } from './write-zip.ts'

/** Of the directory, without the name */
const ENTRY_BYTES = 46

const folder = mkdtempSync(join(tmpdir(), 'crosswalk-zip-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function* list(files: readonly ZipFile[]) {
  yield* files
}

async function write(files: readonly ZipFile[]): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of writeZip(list(files))) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function save(name: string, content: Uint8Array): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

async function readText(path: string, name: string): Promise<string> {
  const zip = await openZip(path)
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of zip?.read(name) ?? []) chunks.push(chunk)
  } finally {
    await zip?.close()
  }
  return Buffer.concat(chunks).toString()
}

it('reads what it wrote', async () => {
  const long = Buffer.from('événement '.repeat(100_000))
  const content = await write([
    { name: 'a.txt', content: [Buffer.from('one '), Buffer.from('two')] },
    { name: 'empty', content: [] },
    { name: 'ü.txt', content: [long.subarray(0, 70_001), long.subarray(70_001)] },
  ])
  const path = save('good.zip', content)
  const zip = await openZip(path)
  expect(zip?.names).toEqual(['a.txt', 'empty', 'ü.txt'])
  await zip?.close()
  expect(await readText(path, 'ü.txt')).toBe(long.toString())
  expect(await readText(path, 'a.txt')).toBe('one two')
  expect(await readText(path, 'empty')).toBe('')
  expect(await readText(path, 'none')).toBe('')
  expect(content.length).toBeLessThan(long.length / 10)
})

it('fails with what fails while it is written', async () => {
  async function* broken() {
    yield Buffer.from('one')
    throw new Error('the disk is gone')
  }
  await expect(write([{ name: 'a', content: broken() }])).rejects.toThrow('the disk is gone')
})

it.each([
  ['empty', Buffer.alloc(0)],
  ['text', Buffer.from('hello')],
  ['cut off', Buffer.from('PK\x05\x06')],
  ['a directory that is not there', Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18, 1)])],
])('knows that it is not a ZIP file: %s', async (_, content) => {
  expect(await openZip(save('bad', content))).toBeUndefined()
})

it.each([0, 1, 65_535])(
  'reads a file to which another program added a comment of %i bytes',
  async (length) => {
    const content = await write([{ name: 'a', content: [Buffer.from('one')] }])
    content.writeUInt16LE(length, content.length - 2)
    const path = save('comment.zip', Buffer.concat([content, Buffer.alloc(length, 'c')]))
    expect(await readText(path, 'a')).toBe('one')
  },
)

it('refuses two files of one name: other programs might show the first', async () => {
  const content = await write([
    { name: 'a', content: [Buffer.from('shown')] },
    { name: 'a', content: [Buffer.from('checked')] },
  ])
  expect(await openZip(save('twice.zip', content))).toBeUndefined()
})

it('reads a list of files of up to 64 KiB', async () => {
  const writeList = (bytes: number) =>
    write(['a', 'b'.repeat(bytes - 2 * ENTRY_BYTES - 1)].map((name) => ({ name, content: [] })))
  const zip = await openZip(save('long.zip', await writeList(65_536)))
  expect(zip?.names).toHaveLength(2)
  await zip?.close()
  await expect(openZip(save('longer.zip', await writeList(65_537)))).rejects.toThrow('larger than 64 KiB')
})

it('reports damaged content', async () => {
  const content = await write([{ name: 'a', content: [Buffer.from('one two three '.repeat(50))] }])
  content.fill(0xff, 31, 45)
  await expect(readText(save('damaged.zip', content), 'a')).rejects.toThrow()
})
