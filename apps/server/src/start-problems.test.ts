// Problems at start, described by their cause with a fix that helps.
import { SealingError, StorageFault } from '@crosswalk/as-core'
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
    /make the file and its folder writable/,
  ],
  [
    FILE,
    new StorageFault('full', failed('database or disk is full')),
    /^the database sqlite:.* cannot be used: the disk of the database is full/,
    /^free disk space/,
  ],
  [
    SERVER,
    new StorageFault('full', failed('could not extend file')),
    /^the database postgres:.* cannot be used: the disk of the database is full/,
    /^free disk space/,
  ],
  [
    SERVER,
    failed('permission denied for table events', '42501'),
    /^the database postgres:.* cannot be used: permission/,
    /owner of the database and its tables/,
  ],
  [FILE, new SealingError('sealed under master key A'), /^sealed under master key A$/, /set CROSSWALK_KEY/],
  [FILE, new TypeError('x is undefined'), /^the server failed while starting: x is undefined$/, /a defect/],
])('on first use of %s: %s', (database, error, message, fix) => {
  expect(describeFirstUseProblem(error, database)).toMatchObject({
    message: expect.stringMatching(message),
    fix: expect.stringMatching(fix),
  })
})

it.each([
  ['127.0.0.1', '127.0.0.1:4000 is in use'],
  ['localhost', 'localhost:4000 is in use'],
  ['::1', '[::1]:4000 is in use'],
])('at a port of %s that is in use', (host, message) => {
  const error = describeListenProblem(failed('no', 'EADDRINUSE'), { host, port: 4000 }, 'listen')
  expect(error.message).toBe(message)
})

it('when opening the database', () => {
  const error = describeStorageProblem(failed('no', 'EACCES'), FILE) as StartError
  expect(error.message).toBe(`the database ${FILE} cannot be opened: no`)
})

it.each([
  ['28P01', 'password authentication failed', 'correct the user and the password in `database`'],
  [
    '28000',
    'no pg_hba.conf entry for host "10.0.0.2", no encryption',
    'create this user, or allow it in pg_hba.conf; if that requires TLS, add `?sslmode=verify-full` to `database`',
  ],
  [
    'SELF_SIGNED_CERT_IN_CHAIN',
    'self-signed certificate in certificate chain',
    'add `&sslrootcert=FILE` with the certificate of its CA to `database`',
  ],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'unable to verify the first certificate',
    'add `&sslrootcert=FILE` with the certificate of its CA to `database`',
  ],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'IP: 10.0.0.2 is not in the list',
    'use a host name of its certificate in `database`',
  ],
  ['3D000', 'database "crosswalk" does not exist', 'create the database, or correct its name in `database`'],
  ['42501', 'permission denied for schema public', 'make this user the owner of the database and its tables'],
  ['ENOTFOUND', 'getaddrinfo ENOTFOUND db', 'correct the host in `database`'],
  ['ECONNREFUSED', 'connect ECONNREFUSED', 'check that it is running and writable, or fix `database`'],
])('when opening PostgreSQL fails with %s', (code, message, fix) => {
  const cause = failed(message, code)
  expect(describeStorageProblem(cause, SERVER)).toMatchObject({ fix })
  expect(describeStorageProblem(new StorageFault('unreachable', cause), SERVER)).toMatchObject({ fix })
})

it('with the fix of a schema problem', () => {
  const error = describeStorageProblem(new SchemaError('it is newer', 'run the newer version'), SERVER)
  expect(error).toMatchObject({
    message: `the database ${SERVER} cannot be opened: it is newer`,
    fix: 'run the newer version',
  })
})

it.each([
  [
    failed('EACCES: permission denied', 'EACCES'),
    /^the key file data\/key can be neither read nor created: EACCES/,
    /folder writable/,
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

it('keeps the description of the first failure', () => {
  const known = new StartError('known', 'do it')
  expect(describeFirstUseProblem(known, FILE)).toBe(known)
})
