import { expect, it } from 'vitest'

import { buildResourceMetadataUrl, splitUrl } from './resource-metadata-url.ts'

it.each([
  ['https://a.example', 'https://a.example/.well-known/oauth-protected-resource'],
  ['https://a.example/', 'https://a.example/.well-known/oauth-protected-resource'],
  ['http://127.0.0.1:4001/mcp', 'http://127.0.0.1:4001/.well-known/oauth-protected-resource/mcp'],
  ['https://a.example/mcp/', 'https://a.example/.well-known/oauth-protected-resource/mcp/'],
  ['https://a.example/x?t=1', 'https://a.example/.well-known/oauth-protected-resource/x?t=1'],
  ['https://A.example/MCP', 'https://A.example/.well-known/oauth-protected-resource/MCP'],
])('RS-04 the metadata of %s is at %s', (resource, url) => {
  expect(buildResourceMetadataUrl(resource)).toBe(url)
})

it('finds no metadata URL for a resource without an authority', () => {
  expect(buildResourceMetadataUrl('urn:acme:todo0')).toBeUndefined()
})

it('splits without changing a byte, except for the fragment', () => {
  expect(splitUrl('HTTPS://A.example:443//x?y#z')).toEqual({ origin: 'HTTPS://A.example:443', rest: '//x?y' })
})
