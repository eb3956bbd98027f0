import { describe, expect, it } from 'vitest'

import { zAuditStream } from './audit.ts'

const stream = (more: object) =>
  zAuditStream.safeParse({ id: 'siem', type: 'http', url: 'https://collector.example/in', ...more })

describe('an http stream', () => {
  it.each([
    [{ secret: 's'.repeat(32) }, true],
    [{ secret: 's'.repeat(31) }, false],
    [{ headers: { 'dd-api-key': 'k' } }, true],
    [{ headers: { authorization: 'Splunk t0k3n' }, secret: 's'.repeat(32), receiver: 'splunk' }, true],
    [{}, false],
    [{ secret: 's'.repeat(32), receiver: 'other' }, false],
  ])('with %j is accepted: %s', (more, accepted) => {
    expect(stream(more).success).toBe(accepted)
  })

  it.each([
    'content-type',
    'content-length',
    'host',
    'connection',
    'crosswalk-signature',
    'Dd-Api-Key',
    'a b',
    '',
  ])('may not set the header "%s"', (name) =>
    expect(stream({ headers: { [name]: 'x' } }).success).toBe(false),
  )

  it.each([
    ['x', true],
    ['x y', true],
    ['x'.repeat(4096), true],
    ['x'.repeat(4097), false],
    ['', false],
    ['x\r\nhost: evil', false],
    [' x', false],
    ['é', false],
  ])('with the header value %j is accepted: %s', (value, accepted) => {
    expect(stream({ headers: { 'x-key': value } }).success).toBe(accepted)
  })
})
