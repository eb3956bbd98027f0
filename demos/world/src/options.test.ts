import { describe, expect, it } from 'vitest'

import { parseOptions } from './options.ts'

describe('parseOptions', () => {
  it.each([
    [[], 4000, false],
    [['--once'], 4000, true],
    [['--port-base', '5000'], 5000, false],
    [['--port-base=0', '--once'], 0, true],
    [['--port-base', '1024'], 1024, false],
    [['--port-base', '65531'], 65_531, false],
  ])('%j', (args, portBase, once) => {
    expect(parseOptions(args)).toMatchObject({ portBase, once })
  })

  it.each([['1023'], ['65532'], ['-1'], ['4e3'], ['']])('rejects --port-base %j', (text) => {
    expect(() => parseOptions([`--port-base=${text}`])).toThrow('--port-base must be a number')
  })

  it.each([
    [[], 'vendors'],
    [['--topology', 'single'], 'single'],
    [['--topology=gateway'], 'gateway'],
  ])('%j is the topology %s', (args, topology) => {
    expect(parseOptions(args).topology).toBe(topology)
  })

  it('rejects an unknown topology', () => {
    expect(() => parseOptions(['--topology', 'star'])).toThrow(
      '--topology must be one of vendors, single, gateway, not "star"',
    )
  })

  it('rejects unknown options', () => {
    expect(() => parseOptions(['--twice'])).toThrow("'--twice'")
  })
})
