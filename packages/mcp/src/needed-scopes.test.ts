import { describe, expect, it, test } from 'vitest'

import { createScopeFinder, MAX_TARGETS } from './needed-scopes.ts'

const call = (name: unknown) => ({ method: 'tools/call', params: { name } })
const get = (name: unknown) => ({ method: 'prompts/get', params: { name } })
const read = (uri: unknown) => ({ method: 'resources/read', params: { uri } })
const complete = (ref: unknown) => ({ method: 'completion/complete', params: { ref } })

const MAPS = {
  tools: { a: ['r', 'w'], b: 'r', open: [] },
  prompts: { p: 'w' },
  resources: { 'x://a': 'r', 'x://{id}': 'w', 'x://open': [], 'x://{id}/{part}': [] },
  methods: { 'tasks/get': 'r' },
}

describe('the scopes that a message needs', () => {
  test.each([
    [{ method: 'tools/list' }, []],
    [{ method: 'notifications/initialized' }, []],
    [{ id: 1, result: {} }, []],
    ['text', []],
    [null, []],
    [[], []],
    [call('a'), ['r', 'w']],
    [call('open'), []],
    [
      [call('a'), call('b')],
      ['r', 'w'],
    ],
    [get('p'), ['w']],
    [read('x://a'), ['r']],
    [read('X://a'), ['r']],
    [read('x://b'), ['w']],
    [read('x://open'), []],
    [read('x://b/c'), []],
    [{ method: 'resources/unsubscribe', params: { uri: 'x://b' } }, ['w']],
    [{ method: 'subscriptions/listen', params: { notifications: { toolsListChanged: true } } }, []],
    [
      {
        method: 'subscriptions/listen',
        params: { notifications: { resourceSubscriptions: ['x://a', 'x://b'] } },
      },
      ['r', 'w'],
    ],
    [complete({ type: 'ref/prompt', name: 'p' }), ['w']],
    [complete({ type: 'ref/resource', uri: 'x://{id}' }), ['w']],
    [{ method: 'tasks/get' }, ['r']],
  ])('%j needs %j', (body, scopes) => {
    expect(createScopeFinder(MAPS)(body)).toEqual({ scopes, denied: [] })
  })

  test.each([
    [call('x'), 'tool', 'x'],
    [call('constructor'), 'tool', 'constructor'],
    [call(undefined), 'tool', undefined],
    [call(['open']), 'tool', ['open']],
    [{ method: 'tools/call' }, 'tool', undefined],
    [get('a'), 'prompt', 'a'],
    [read('y://a'), 'resource', 'y://a'],
    [read(['x://a']), 'resource', ['x://a']],
    [
      { method: 'subscriptions/listen', params: { notifications: { resourceSubscriptions: 'y://a' } } },
      'resource',
      'y://a',
    ],
    [complete({ type: 'ref/resource', uri: 'x://{other}' }), 'template', 'x://{other}'],
    [complete({ type: 'ref/tool', name: 'open' }), 'method', 'completion/complete'],
    [complete(undefined), 'method', 'completion/complete'],
    [{ method: 'tasks/list' }, 'method', 'tasks/list'],
    [{ method: 'Tools/call', params: { name: 'open' } }, 'method', 'Tools/call'],
    [{ method: ['tools/list'] }, 'method', ['tools/list']],
    [{ method: null }, 'method', null],
  ])('%j is denied', (body, kind, name) => {
    expect(createScopeFinder(MAPS)(body)?.denied).toEqual([{ kind, name, method: body.method }])
  })

  it('denies the methods of prompts and resources to a server without any', () => {
    const find = createScopeFinder({ tools: {} })
    for (const body of [get('p'), read('x://a'), complete({ type: 'ref/resource', uri: 'x://{id}' })])
      expect(find(body)?.denied).toEqual([{ kind: 'method', name: body.method, method: body.method }])
  })

  it('requires the scopes of every template that a URI matches', () => {
    const find = createScopeFinder({ tools: {}, resources: { 'x://{a}': 'r', 'x://{b}': 'w' } })
    expect(find(read('x://1'))?.scopes).toEqual(['r', 'w'])
  })

  it('uses a stated default for names without an entry, but never for methods or invalid names', () => {
    const find = createScopeFinder({
      tools: { '*': 'w', open: [] },
      prompts: { '*': [] },
      resources: { '*': 'r' },
      methods: { '*': [] },
    })
    expect(find([call('x'), call('open'), get('x'), read('x://1')])).toEqual({
      scopes: ['w', 'r'],
      denied: [],
    })
    expect(find([call(7), get(null), { method: 'tasks/get' }])?.denied).toHaveLength(3)
  })

  it.each([
    ['messages', (count: number) => Array(count).fill(read('x://b'))],
    [
      'subscriptions',
      (count: number) => ({
        method: 'subscriptions/listen',
        params: { notifications: { resourceSubscriptions: Array(count).fill('x://b') } },
      }),
    ],
  ])('does not look for those of too many %s, each of which may match every template', (_, list) => {
    const find = createScopeFinder(MAPS)
    expect(find(list(MAX_TARGETS))).toEqual({ scopes: ['w'], denied: [] })
    expect(find(list(MAX_TARGETS + 1))).toBeUndefined()
  })

  it('does not match many long URIs, which could block the process for seconds', () => {
    const find = createScopeFinder({ tools: {}, resources: { 'x://{+a}/{+b}/end': 'r' } })
    const list = (count: number, length: number) => Array(count).fill(read('x://'.padEnd(length, '/')))
    expect(find(list(2, 8192))?.denied).toHaveLength(2)
    expect(find(list(3, 8192))).toBeUndefined()
    expect(find(list(1000, 100))?.denied).toHaveLength(1000)
  })

  it('matches a URI of up to 8192 characters', () => {
    const find = createScopeFinder({ tools: {}, resources: { 'x://{id}': 'r' } })
    const deniedAt = (length: number) => find(read('x://'.padEnd(length, 'a')))?.denied.length
    expect([deniedAt(8192), deniedAt(8193)]).toEqual([0, 1])
  })

  it('denies a URI that is too long for templates, without a fault', () => {
    const uri = `x://${'a'.repeat(1_000_000)}`
    expect(createScopeFinder(MAPS)(read(uri))?.denied).toMatchObject([{ kind: 'resource', name: uri }])
  })
})
