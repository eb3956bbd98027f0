// LDAP servers whose responses are wrong, endless or late: reading ends with the reason, and blocks no other work.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

import { afterEach, describe, expect, it } from 'vitest'

import type { LdapDefinition } from '../config-file/ldap-schema.ts'
import { readLdap } from './read-ldap.ts'

const BIND = 0x60
const SEARCH = 0x63
const EXTENDED = 0x77
/** A length of two gigabytes, in four bytes */
const HUGE = Buffer.from([0x84, 0x7f, 0xff, 0xff, 0xff])

const tlv = (tag: number, ...parts: readonly Buffer[]) => {
  const content = Buffer.concat(parts)
  const { length } = content
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), content])
}
const text = (value: string) => tlv(0x04, Buffer.from(value))
const message = (id: number, ...parts: readonly Buffer[]) => tlv(0x30, tlv(0x02, Buffer.from([id])), ...parts)
const result = (tag: number, code = 0, ...more: readonly Buffer[]) =>
  tlv(tag, tlv(0x0a, Buffer.from([code])), text(''), text('see elsewhere'), ...more)
const entry = (uid: string) =>
  tlv(
    0x64,
    text(`uid=${uid}`),
    tlv(
      0x30,
      tlv(0x30, text('uid'), tlv(0x31, text(uid))),
      tlv(0x30, text('objectGUID'), tlv(0x31, tlv(0x04, Buffer.alloc(16, 0xfe)))),
    ),
  )
const END = result(0x65)

type Answer = (socket: Socket, id: number) => void
const answer =
  (...parts: readonly Buffer[]): Answer =>
  (socket, id) => {
    socket.write(Buffer.concat(parts.map((part) => message(id, part))))
  }

let server: Server | undefined
const sockets = new Set<Socket>()
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  server?.close()
})

async function read(search: Answer, changes: Partial<LdapDefinition> = {}) {
  server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
    socket.on('data', (data: Buffer) => {
      const at = data.indexOf(0x02)
      const [id = 0, operation] = [data[at + 2], data[at + 3]]
      if (operation === BIND) socket.write(message(id, result(0x61)))
      if (operation === EXTENDED) socket.write(message(id, result(0x78)))
      if (operation === SEARCH) search(socket, id)
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const ldap = {
    ...{ url: `ldap://127.0.0.1:${port}`, startTls: false, kind: 'openldap' },
    ...{
      bindDn: 'cn=reader',
      bindPassword: 'the password',
      users: { base: 'ou=people', email: 'mail', attributes: {} },
    },
    ...{ pageSize: 500, timeoutSeconds: 1, maxEntries: 1000 },
    ...changes,
  } as unknown as LdapDefinition
  return readLdap(ldap, { quietMs: 2000 })
}

it('entries are read with their bytes', async () => {
  const entries = Array.from({ length: 251 }, (_, at) => entry(`u${at}`))
  const { users, groups } = await read(answer(...entries, END))
  expect(users).toHaveLength(251)
  expect(users[250]).toMatchObject({ dn: 'uid=u250', uid: 'u250', objectGUID: Buffer.alloc(16, 0xfe) })
  expect(groups).toEqual([])
})

/** Two limits: of the library, and of the reading thread, which may come first on a busy machine */
const ENDED = /timed out|more than 2 seconds/

describe('reading ends, and other work continues, if', () => {
  it.each<[string, Answer, RegExp, Partial<LdapDefinition>?]>([
    [
      'the attributes of an entry claim to be two gigabytes',
      answer(tlv(0x64, text('uid=x'), Buffer.from([0x30]), HUGE)),
      /more than 2 seconds|too much memory/,
    ],
    [
      'the values of an attribute claim to be two gigabytes',
      answer(tlv(0x64, text('uid=x'), tlv(0x30, tlv(0x30, text('uid'), Buffer.from([0x31]), HUGE)))),
      /more than 2 seconds|too much memory/,
    ],
    [
      'the controls of a response claim to be two gigabytes',
      (socket, id) => socket.write(message(id, END, Buffer.from([0xa0]), HUGE)),
      /more than 2 seconds|too much memory/,
    ],
    [
      'a response claims to be two gigabytes, and never ends',
      (socket) => {
        socket.write(Buffer.concat([Buffer.from([0x30]), HUGE]))
        const more = setInterval(() => socket.write(Buffer.alloc(1024)), 10)
        socket.once('close', () => clearInterval(more))
      },
      ENDED,
    ],
    [
      'entries follow without end',
      (socket, id) => {
        const more = setInterval(() => answer(entry('x'))(socket, id), 10)
        socket.once('close', () => clearInterval(more))
      },
      ENDED,
    ],
    [
      'entries follow byte by byte',
      (socket, id) => {
        const whole = Buffer.concat([message(id, entry('x')), message(id, END)])
        let at = 0
        const more = setInterval(() => socket.write(whole.subarray(at, (at += 1))), 100)
        socket.once('close', () => clearInterval(more))
      },
      ENDED,
    ],
    ['the response is for another request', (socket, id) => answer(END)(socket, id + 9), /timed out/],
    ['the response is a referral', answer(result(0x65, 10)), /see elsewhere/],
    ['the server never answers', () => undefined, /timed out/],
    ['the server resets the connection', (socket) => void socket.resetAndDestroy(), /ECONNRESET/],
    ['the server never completes StartTLS', () => undefined, /more than 2 seconds/, { startTls: true }],
    [
      'there are more entries than configured',
      answer(entry('a'), entry('b'), entry('c'), END),
      /more than 2 entries below ou=people/,
      { maxEntries: 2 },
    ],
  ])('%s', async (_, search, reason, changes = {}) => {
    let turns = 0
    const timer = setInterval(() => (turns += 1), 10)
    const startedMs = performance.now()
    await expect(read(search, changes)).rejects.toThrow(reason)
    // Blocked, this thread would have had hardly any turn.
    expect(turns).toBeGreaterThan((performance.now() - startedMs) / 100)
    clearInterval(timer)
  })
})
