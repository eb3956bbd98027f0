// The Helm chart: its values match their schema and produce a valid configuration. With `helm` on the PATH, its rendered manifests are checked
// too; otherwise those tests are skipped with a message.
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { parseConfiguration } from '@crosswalk/control'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments, stringify } from 'yaml'

import { describeWith } from '../../../tools/test-programs.ts'

type Json = Record<string, unknown>
interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: Json
  readonly data?: Readonly<Record<string, string>>
}

const CHART = fileURLToPath(new URL('../../../deploy/helm/crosswalk/', import.meta.url))
const ALERTS = new URL('../../../deploy/prometheus/crosswalk-alerts.yaml', import.meta.url)
const SERVER = fileURLToPath(new URL('../../../apps/server/package.json', import.meta.url))
const read = (path: string) => readFileSync(join(CHART, path), 'utf8')
const readYaml = (path: string) => parse(read(path)) as Json
const valuesFile = (name: string) => join(CHART, `ci/${name}-values.yaml`)

/** Like Helm: objects member by member, and null removes a member. */
function merge(base: Json, over: Json): Json {
  const merged = Object.entries(over).map(([key, value]) => {
    const below = base[key]
    const bothObjects = [below, value].every((it) => it?.constructor === Object)
    return [key, bothObjects ? merge(below as Json, value as Json) : value] as const
  })
  return Object.fromEntries(
    Object.entries({ ...base, ...Object.fromEntries(merged) }).filter(([, it]) => it !== null),
  )
}

const SETS = ['all', 'sqlite']
const valuesOf = (name: string) => merge(readYaml('values.yaml'), readYaml(`ci/${name}-values.yaml`))
const isValid = new Ajv({ allErrors: true, strict: false }).compile(
  JSON.parse(read('values.schema.json')) as Json,
)

describe('values of the chart', () => {
  it.each(SETS)('%s: match the schema', (name) => {
    expect(isValid(valuesOf(name)), JSON.stringify(isValid.errors)).toBe(true)
  })

  it.each([
    ['without a Secret', { secrets: { existingSecret: '' } }, '/secrets/existingSecret'],
    ['without a public origin', { config: { baseUrl: '' } }, '/config/baseUrl'],
    ['with an unknown key', { replicas: 2 }, ''],
    ['with an Ingress without a host', { ingress: { enabled: true, host: '' } }, '/ingress/host'],
  ])('%s they do not match', (_, over, path) => {
    expect(isValid(merge(valuesOf('all'), over))).toBe(false)
    expect(isValid.errors?.map(({ instancePath }) => instancePath)).toContain(path)
  })

  it.each(SETS)('%s: produce a valid configuration', (name) => {
    const { config, secrets } = valuesOf(name) as { config: Json; secrets: { files: Json } }
    const variables = Object.fromEntries(Object.keys(secrets.files).map((it) => [it, 's'.repeat(43)]))
    const { configuration, problems } = parseConfiguration(stringify(config), 'crosswalk.yaml', variables)
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(configuration?.metrics?.listen).toEqual({ host: '0.0.0.0', port: 9464 })
  })

  it('name the version of the server', () => {
    const { version } = JSON.parse(readFileSync(SERVER, 'utf8')) as { version: string }
    expect(readYaml('Chart.yaml')).toMatchObject({ version, appVersion: version })
  })
})

it('the ServiceMonitor sets the job that alert rules and dashboard expect', () => {
  const [, job] = /targetLabel: job, replacement: (\w+)/.exec(read('templates/servicemonitor.yaml')) ?? []
  expect(readFileSync(ALERTS, 'utf8')).toContain(`up{job="${job}"}`)
})

const hasHelm = spawnSync('helm', ['version']).status === 0

if (!hasHelm) console.log('helm is not on the PATH: the chart is not rendered')

describeWith(hasHelm)('the rendered chart', () => {
  const renderText = (name: string, ...options: string[]) =>
    // The oldest version that the chart supports; a helm of `go install` assumes one from 2020.
    spawnSync(
      'helm',
      ['template', 'try', CHART, '--kube-version', '1.30', '--values', valuesFile(name), ...options],
      { encoding: 'utf8' },
    )
  function render(name: string, ...options: string[]): readonly Manifest[] {
    const { status, stdout, stderr } = renderText(name, ...options)
    expect(status, stderr).toBe(0)
    return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest)
  }
  function findSpec<T>(manifests: readonly Manifest[], kind: string): T {
    const found = manifests.find((it) => it.kind === kind)
    if (found === undefined) throw new Error(`no ${kind}`)
    return found.spec as T
  }
  interface Deployment {
    readonly replicas?: number
    readonly template: { readonly spec: PodSpec }
  }
  interface PodSpec extends Json {
    readonly terminationGracePeriodSeconds: number
    readonly containers: readonly [Json & { readonly env: readonly { name: string; value: string }[] }]
    readonly volumes: readonly { readonly name: string; readonly secret?: { readonly items: Json[] } }[]
  }

  it.each(SETS)('%s: passes helm lint', (name) => {
    execFileSync('helm', ['lint', '--strict', CHART, '--values', valuesFile(name)])
  })

  it('runs pods that can write only their data, with probes on the management listener', () => {
    const manifests = render('all')
    const { replicas, template } = findSpec<Deployment>(manifests, 'Deployment')
    expect(replicas).toBeUndefined()
    expect(template.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
    })
    const probe = (path: string) => ({ httpGet: { path, port: 'management' } })
    expect(template.spec.containers[0]).toMatchObject({
      securityContext: {
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      },
      startupProbe: probe('/startupz'),
      livenessProbe: probe('/livez'),
      readinessProbe: probe('/readyz'),
      lifecycle: { preStop: { sleep: { seconds: 5 } } },
    })
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(5 + 5 + 10)
  })

  it('passes secrets only as files', () => {
    const manifests = render('all')
    const { template } = findSpec<Deployment>(manifests, 'Deployment')
    const { env } = template.spec.containers[0]
    expect(env).toContainEqual({ name: 'CROSSWALK_KEY_FILE', value: '/run/secrets/crosswalk/master-key' })
    const mounted = template.spec.volumes.find(({ name }) => name === 'secrets')?.secret?.items
    for (const { name, value } of env.filter((it) => it.name.endsWith('_FILE')))
      expect(mounted, name).toContainEqual({ key: value.split('/').at(-1), path: value.split('/').at(-1) })
    expect(manifests.map(({ kind }) => kind)).not.toContain('Secret')
  })

  it('contains what is enabled, and nothing else', () => {
    const optional = ['HorizontalPodAutoscaler', 'Ingress', 'PodDisruptionBudget', 'ServiceMonitor']
    const kinds = (name: string) => render(name).map(({ kind }) => kind)
    expect(kinds('all')).toEqual(expect.arrayContaining([...optional, 'NetworkPolicy']))
    expect(kinds('sqlite').filter((kind) => optional.includes(kind))).toEqual([])
    expect(kinds('sqlite')).toContain('PersistentVolumeClaim')
  })

  it('opens the management listener only to monitoring', () => {
    const { ingress } = findSpec<{ ingress: { ports: { port: string }[]; from?: unknown[] }[] }>(
      render('all'),
      'NetworkPolicy',
    )
    const [management] = ingress.filter(({ ports }) => ports.some(({ port }) => port === 'management'))
    expect(management?.from).toEqual([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
    ])
  })

  it('passes the configuration of the values to the server', () => {
    const file = render('all').find(({ kind }) => kind === 'ConfigMap')?.data?.['crosswalk.yaml'] ?? ''
    expect(parse(file)).toEqual(valuesOf('all')['config'])
  })

  it.each([
    ['several pods on SQLite', 'sqlite', ['--set', 'replicaCount=2'], 'SQLite serves one pod'],
    [
      'SQLite without a volume',
      'sqlite',
      ['--set', 'persistence.enabled=false'],
      'SQLite without persistence',
    ],
    [
      'too short a termination grace period',
      'all',
      ['--set', 'terminationGracePeriodSeconds=10'],
      'must be at least 20',
    ],
  ])('rejects %s', (_, name, options, reason) => {
    const { status, stderr } = renderText(name, ...options)
    expect(status).not.toBe(0)
    expect(stderr).toContain(reason)
  })
})
