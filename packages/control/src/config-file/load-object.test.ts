// One object as text: what it parses to, and the line of each problem.
import { describe, expect, it } from 'vitest'

import { loadObject } from './load-object.ts'

const load = (text: string) => loadObject(text, 'app.yaml', { SECRET: 'of the app' })

describe('one object', () => {
  it('is YAML or JSON, with variables', () => {
    const expected = { id: 'bot', auth: { method: 'client_secret_basic', secret: 'of the app' } }
    const yaml = 'id: bot\nauth:\n  method: client_secret_basic\n  secret: ${SECRET}\n'
    expect(load(yaml)).toMatchObject({ object: expected, problems: [] })
    expect(load(JSON.stringify(expected)).object).toEqual(expected)
  })

  it.each([
    ['as written', { name: '${SECRET}', auth: { secret: '${SECRET}' } }, 'of the app'],
    [
      'as shown, with its revision',
      { name: '${SECRET}', auth: { secret: '${SECRET}' }, revision: 7 },
      '${SECRET}',
    ],
  ])('%s has variables, but in shown text only secrets are', (_, object, name) => {
    const auth = { secret: 'of the app' }
    expect(load(JSON.stringify(object))).toMatchObject({ object: { name, auth }, problems: [] })
  })

  it.each([
    ['a variable that is not set', 'id: bot\nname: ${NAME}\n', 2, /NAME is not set/],
    ['no YAML', 'id: bot\nname: [\n', 3, /not valid YAML/],
    ['a key twice', 'id: bot\nid: other\n', 2, /same key twice/],
    ['a list', '- id: bot\n', 1, /^this is a list, not an object$/],
    ['text', 'bot\n', 1, /^this is text, not an object$/],
    ['a number', '1\n', 1, /^this is a number, not an object$/],
    ['no content', '', 1, /^this is empty, not an object$/],
  ])('is rejected with %s', (_, text, line, what) => {
    const { object, problems } = load(text)
    expect(object).toBeUndefined()
    expect(problems).toEqual([
      expect.objectContaining({ file: 'app.yaml', line, what: expect.stringMatching(what) }),
    ])
  })

  it('finds the line for a pointer', () => {
    const { lineOf } = load('id: bot\nresources:\n  - id: a\n  - id: b\n    scopes: [x]\n')
    expect([lineOf('/resources/1/scopes'), lineOf('/resources/1/none'), lineOf('')]).toEqual([5, 4, 1])
  })
})
