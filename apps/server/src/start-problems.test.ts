// What keeps a server from starting, told by its cause: each advice is one that helps.
import { StartError } from '@crosswalk/control'
import { SchemaError } from '@crosswalk/storage'
import { expect, it } from 'vitest'

import {
  describeFirstUseProblem,
  describeKeyFileProblem,
  describeListenProblem,
  describeStorageProblem,
} from './start-problems.ts'

const failed = (message: string, code?: string) => Object.assign(new Error(message), code && { code })
const FILE = 'sqlite:data/db.sqlite'
const SERVER = 'postgres://user@db/crosswalk'

it.each([
  [
    FILE,
    failed('attempt to write a readonly database', 'ERR_SQLITE_ERROR'),
    /^the database sqlite:.* cannot be used: attempt/,
    /let the file and its folder be written/,
  ],
  [
    SERVER,
    failed('permission denied for table events', '42501'),
    /^the database postgres:.* cannot be used: permission/,
    /that it runs and may be written/,
  ],
  [FILE, failed('sealed under master key A'), /^sealed under master key A$/, /set CROSSWALK_KEY/],
])('in the first use of %s: %s', (database, error, message, fix) => {
  expect(describeFirstUseProblem(error, database)).toMatchObject({
    message: expect.stringMatching(message),
    fix: expect.stringMatching(fix),
  })
})

it.each([
  ['127.0.0.1', '127.0.0.1:4000 is in use'],
  ['localhost', 'localhost:4000 is in use'],
  ['::1', '[::1]:4000 is in use'],
])('at a port of %s that is taken', (host, message) => {
  const error = describeListenProblem(failed('no', 'EADDRINUSE'), { host, port: 4000 }, 'listen')
  expect(error.message).toBe(message)
})

it('opening it', () => {
  const error = describeStorageProblem(failed('no', 'EACCES'), FILE) as StartError
  expect(error.message).toBe(`the database ${FILE} cannot be opened: no`)
})

it('a database that is another, with the remedy that came with the problem', () => {
  const error = describeStorageProblem(new SchemaError('it is newer', 'run the newer version'), SERVER)
  expect(error).toMatchObject({
    message: `the database ${SERVER} cannot be opened: it is newer`,
    fix: 'run the newer version',
  })
})

it.each([
  [
    failed('EACCES: permission denied', 'EACCES'),
    /^the key file data\/key can be neither read nor made: EACCES/,
    /folder be written/,
  ],
  [
    failed('key file data/key must hold 32 random bytes'),
    /^key file data\/key must hold/,
    /restore the key file/,
  ],
])('with the key file: %s', (error, message, fix) => {
  expect(describeKeyFileProblem(error, 'data/key')).toMatchObject({
    message: expect.stringMatching(message),
    fix: expect.stringMatching(fix),
  })
})

it('is told once, in the words of whatever failed first', () => {
  const known = new StartError('known', 'do it')
  expect(describeFirstUseProblem(known, FILE)).toBe(known)
})
