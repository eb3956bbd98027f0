// An OpenLDAP server with a company, which tests modify as its administrator.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { Client } from 'ldapts'
import { describe } from 'vitest'

import { findProgram } from '../../../tools/test/find-program.ts'
import { findFreePort } from '../support/free-port.ts'
import { createTlsCertificate } from '../support/tls-certificate.ts'

const program = findProgram('slapd')

/** `describe`, skipped without slapd. */
export const describeWithSlapd = describe.skipIf(program === undefined || process.platform !== 'linux')

export const SUFFIX = 'dc=acme,dc=test'
export const ADMIN = { dn: `cn=admin,${SUFFIX}`, password: 'the password of the reader' } as const

export interface Slapd {
  readonly url: string
  /** PEM */
  readonly ca: string
  /** A client bound as administrator */
  readonly client: Client
  stop(): Promise<void>
}

export async function startSlapd(): Promise<Slapd> {
  if (program === undefined) throw new Error('slapd is not installed')
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-slapd-'))
  const { key, cert } = await createTlsCertificate()
  mkdirSync(join(folder, 'db'))
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 })
  writeFileSync(join(folder, 'cert.pem'), cert)
  writeFileSync(join(folder, 'slapd.conf'), renderConfiguration(folder), { mode: 0o600 })
  const url = `ldap://127.0.0.1:${await findFreePort()}`
  const child = spawn(program, ['-f', join(folder, 'slapd.conf'), '-h', url, '-d', '0'], { stdio: 'ignore' })
  const client = await untilBound(child, url, cert)
  await fill(client)
  return {
    url,
    ca: cert,
    client,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      await client.unbind().catch(() => undefined)
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Accepts passwords only over TLS. */
function renderConfiguration(folder: string): string {
  return `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.4203.666.1 NAME 'accountOfDirectory' SUP top AUXILIARY MAY userAccountControl )
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile ${folder}/cert.pem
TLSCertificateKeyFile ${folder}/key.pem
security simple_bind=128
database mdb
maxsize 10485760
suffix "${SUFFIX}"
rootdn "${ADMIN.dn}"
rootpw "${ADMIN.password}"
directory ${folder}/db
`
}

async function untilBound(child: ChildProcess, url: string, ca: string): Promise<Client> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`slapd ended with ${child.exitCode}`)
    const client = new Client({ url, timeout: 5000, connectTimeout: 5000 })
    try {
      await client.startTLS({ ca, host: '127.0.0.1' })
      await client.bind(ADMIN.dn, ADMIN.password)
      return client
    } catch {
      await setTimeout(25)
    }
  }
  throw new Error('slapd does not respond')
}

export const dnOf = (name: string): string => `uid=${name},ou=people,${SUFFIX}`

export async function addUser(client: Client, name: string): Promise<void> {
  await client.add(dnOf(name), {
    objectClass: ['inetOrgPerson', 'accountOfDirectory'],
    uid: name,
    cn: `${name} of Acme`,
    sn: 'Acme',
    mail: `${name}@acme.test`,
    departmentNumber: '7',
    userAccountControl: '512',
  })
}

const PEOPLE = ['ann', 'ben', 'cem', 'dan', 'eve', 'fay', 'gus', 'hal', 'ida', 'jan']

async function fill(client: Client): Promise<void> {
  await client.add(SUFFIX, { objectClass: ['dcObject', 'organization'], dc: 'acme', o: 'Acme' })
  for (const ou of ['people', 'groups'])
    await client.add(`ou=${ou},${SUFFIX}`, { objectClass: 'organizationalUnit', ou })
  for (const name of PEOPLE) await addUser(client, name)
  await client.add(`cn=engineering,ou=groups,${SUFFIX}`, {
    objectClass: 'groupOfNames',
    cn: 'engineering',
    member: PEOPLE.map(dnOf),
  })
}
