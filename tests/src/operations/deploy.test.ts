// The files under deploy/: everything they refer to exists, and their configuration is valid. `npm run test:image` builds and runs the image.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { parseConfiguration } from '@crosswalk/control'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const DEPLOY = fileURLToPath(new URL('../../../deploy/', import.meta.url))
const COMPOSE = join(DEPLOY, 'compose')
const read = (path: string) => readFileSync(join(DEPLOY, path), 'utf8')

const zNames = z.array(z.string())
const zService = z.object({
  secrets: zNames.default([]),
  volumes: zNames.default([]),
  networks: z.union([zNames, z.record(z.string(), z.unknown())]).default([]),
  depends_on: z.union([zNames, z.record(z.string(), z.unknown())]).default([]),
  environment: z.record(z.string(), z.string()).default({}),
})
const zCompose = z.object({
  services: z.record(z.string(), zService),
  networks: z.record(z.string(), z.unknown()),
  volumes: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
})

const listNames = (names: string[] | Record<string, unknown>) =>
  Array.isArray(names) ? names : Object.keys(names)

describe('compose', () => {
  const { services, ...declared } = zCompose.parse(parse(read('compose/compose.yaml')))

  it.each(Object.keys(services))('%s refers only to declared objects and existing files', (name) => {
    const { secrets, volumes, networks, depends_on: needed, environment } = zService.parse(services[name])
    expect(Object.keys(declared.secrets)).toEqual(expect.arrayContaining(secrets))
    expect(Object.keys(declared.networks)).toEqual(expect.arrayContaining(listNames(networks)))
    expect(Object.keys(services)).toEqual(expect.arrayContaining(listNames(needed)))
    for (const [source = ''] of volumes.map((volume) => volume.split(':')))
      if (source.startsWith('.')) expect(existsSync(join(COMPOSE, source))).toBe(true)
      else expect(Object.keys(declared.volumes)).toContain(source)
    for (const path of Object.values(environment).filter((value) => value.startsWith('/run/secrets/')))
      expect(secrets).toContain(path.slice('/run/secrets/'.length))
  })

  it('gives the server every variable of its configuration', () => {
    const { environment } = zService.parse(services['crosswalk'])
    const given = Object.keys(environment).map((name) => [name.replace(/_FILE$/, ''), 's'.repeat(43)])
    const variables = { ...Object.fromEntries(given), CROSSWALK_HOST: 'idp.example.com' }
    const { configuration, problems } = parseConfiguration(
      read('compose/crosswalk.yaml'),
      'crosswalk.yaml',
      variables,
    )
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(configuration).toMatchObject({ accessLog: { to: 'stdout' }, baseUrl: 'https://idp.example.com' })
  })
})

// `npm run test:ha` tests that both programs accept these files and behave as intended.
describe('the files for high availability', () => {
  const zPatroni = z.object({
    bootstrap: z.object({
      dcs: z.object({
        ttl: z.number(),
        loop_wait: z.number(),
        retry_timeout: z.number(),
        synchronous_mode: z.literal(true),
        synchronous_mode_strict: z.literal(true),
      }),
    }),
  })

  it('acknowledge commits only on two disks, and demote the primary before promoting another', () => {
    const {
      ttl,
      loop_wait: loop,
      retry_timeout: retry,
    } = zPatroni.parse(parse(read('ha/patroni.yml'))).bootstrap.dcs
    expect(loop + 2 * retry).toBeLessThan(ttl)
  })

  it('give commands of administrators more time than other requests', () => {
    const nodes = read('ha/haproxy.cfg').split('\nbackend crosswalk_nodes')[1]
    expect(nodes).toContain('http-request set-timeout server 1h if { path_beg /admin/api/ }')
  })

  it('notice a draining node while it still serves', () => {
    const [, inter, fall] =
      /option httpchk GET \/readyz[^]*?inter (\d+)s fall (\d+)/.exec(read('ha/haproxy.cfg')) ?? []
    const { configuration } = parseConfiguration('baseUrl: http://127.0.0.1:4000\nidp: {}\n', 'x.yaml', {})
    expect(Number(inter) * Number(fall)).toBeLessThan(configuration?.listen.drainSeconds ?? 0)
  })
})

it('the systemd unit lets Node.js start: calls that its filter lacks fail, and do not kill the process', () => {
  const unit = read('systemd/crosswalk.service')
  // V8 calls pkey_alloc at start, and @system-service does not contain it.
  expect(unit).toMatch(/^SystemCallFilter=@system-service @pkey$/m)
  expect(unit).toMatch(/^SystemCallErrorNumber=EPERM$/m)
})

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0
it.skipIf(!hasSystemd)('the systemd unit is valid and hardened (needs systemd-analyze)', () => {
  const unit = join(DEPLOY, 'systemd', 'crosswalk.service')
  const verified = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' })
  expect(`${verified.stdout}${verified.stderr}`).not.toContain('crosswalk.service')
  const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', unit], { encoding: 'utf8' })
  expect(Number(/Overall exposure level for crosswalk\.service: (\d+\.\d+)/.exec(stdout)?.[1])).toBeLessThan(
    2,
  )
})
