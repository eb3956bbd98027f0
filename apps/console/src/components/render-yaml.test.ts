import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

import { renderYaml } from './render-yaml.ts'

describe('YAML that parses to the same value', () => {
  it.each([
    { id: 'agent0', scopes: ['todos.read'], active: true, nothing: null, none: [], empty: {} },
    { yes: 'yes', number: '0123', port: 8080, text: 'a: b # c', lines: 'one\ntwo', blank: '' },
    { nested: { deeper: [{ id: 'http://127.0.0.1/mcp', scopes: ['a', 'b'] }, [1, [2]]] } },
    ['- dash', '*star', '&and', 'true', '~', 'null'],
  ])('%j', (value) => {
    expect(parse(renderYaml(value))).toEqual(value)
  })
})
