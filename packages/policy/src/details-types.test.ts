import { accept, type CompileDetailsSchema, refuse, zAuthorizationServer } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { compileDetailsTypes, type DetailsTypes, findDetailsFault, haveSameMeaning } from './details-types.ts'
import { evaluateExchange } from './evaluate-exchange.ts'
import { evaluateRedemption } from './evaluate-redemption.ts'
import { compileRedemptionSnapshot } from './redemption-snapshot.ts'
import { makeFacts, makeSnapshot, withResourceApp } from './testing/exchange-world.ts'
import {
  makeFacts as makeRedemption,
  makeSnapshot as makeServer,
  SERVER,
} from './testing/redemption-world.ts'

const schema = { max: 2 }

/** Stands in for the schema library: a list may be as long as `max`; a schema without `max` cannot be compiled. */
const compileDetailsSchema: CompileDetailsSchema = ({ max }) =>
  typeof max === 'number'
    ? accept(({ list }) =>
        String(list).length <= max ? undefined : { path: '/list', problem: `must be at most ${max} long` },
      )
    : refuse('no max')

describe('types of authorization details', () => {
  const anywhere = (known: DetailsTypes) => ({ types: known, resources: undefined })
  const types = compileDetailsTypes(
    ['free', { type: 'plain' }, { type: 'short', schema }],
    compileDetailsSchema,
  )

  it('accept what their schema accepts', () => {
    expect([...types.keys()]).toEqual(['free', 'plain', 'short'])
    const details = ['free', 'plain'].map((type) => ({ type, list: 'long' }))
    expect(findDetailsFault([...details, { type: 'short', list: 'ab' }], anywhere(types))).toBeUndefined()
    expect(findDetailsFault([...details, { type: 'short', list: 'abc' }], anywhere(types))).toEqual({
      path: '/2/list',
      problem: 'must be at most 2 long',
    })
  })

  it('accept nothing if their schema cannot be compiled', () => {
    const broken = compileDetailsTypes([{ type: 'short', schema: {} }], compileDetailsSchema)
    expect(findDetailsFault([{ type: 'short' }], anywhere(broken))).toEqual({
      path: '/0',
      problem: 'the schema of short cannot be used: no max',
    })
  })

  it.each([
    [['a'], undefined],
    [['b', 'a'], undefined],
    [['a', 'c'], { path: '/0/locations/1', problem: 'must be one of the resources granted with it' }],
    [['a/'], { path: '/0/locations/0', problem: 'must be one of the resources granted with it' }],
    [[1], { path: '/0/locations/0', problem: 'must be one of the resources granted with it' }],
    [[], { path: '/0/locations', problem: 'must be a list of resource identifiers' }],
    ['a', { path: '/0/locations', problem: 'must be a list of resource identifiers' }],
  ])('accept only the resources a and b as locations: %j (RAR-05)', (locations, fault) => {
    const bounds = { types, resources: ['a', 'b'] }
    expect(findDetailsFault([{ type: 'free', locations }], bounds)).toEqual(fault)
  })

  it.each([
    [{ actions: ['read', 'write'], datatypes: [], privileges: ['admin'], identifier: '5' }, undefined],
    [{ actions: 'read' }, { path: '/0/actions', problem: 'must be a list of strings' }],
    [{ datatypes: { kind: 'photo' } }, { path: '/0/datatypes', problem: 'must be a list of strings' }],
    [{ privileges: ['admin', null] }, { path: '/0/privileges', problem: 'must be a list of strings' }],
    [{ actions: null }, { path: '/0/actions', problem: 'must be a list of strings' }],
    [{ identifier: 5 }, { path: '/0/identifier', problem: 'must be a string' }],
    [{ identifier: null }, { path: '/0/identifier', problem: 'must be a string' }],
  ])('without a schema check the common fields: %j (RAR-03, RAR-04)', (fields, fault) => {
    expect(findDetailsFault([{ type: 'free', ...fields }], anywhere(types))).toEqual(fault)
    // A schema alone defines the fields of its type.
    expect(findDetailsFault([{ type: 'short', list: '', ...fields }], anywhere(types))).toBeUndefined()
  })

  it('throw if nothing can compile their schemas', () => {
    expect(() => compileDetailsTypes([{ type: 'short', schema }], undefined)).toThrow(TypeError)
    expect(() => compileDetailsTypes([{ type: 'plain' }], undefined)).not.toThrow()
  })
})

describe('details that their schema refuses are refused, and the record shows the place', () => {
  const authorizationDetailsTypes = [{ type: 'todo_list', schema }]
  const expected = 'what the type and the resources admit'

  it.each([
    ['ab', 'XAA0001'],
    ['abc', 'XAA1308'],
  ])('at the IdP (RAR-03): %s is %s', (list, code) => {
    const world = makeSnapshot(withResourceApp({ authorizationDetailsTypes }), { compileDetailsSchema })
    const authorizationDetails = JSON.stringify([{ type: 'todo_list', list }])
    const record = evaluateExchange(makeFacts({ ask: { authorizationDetails } }), world)
    expect(record.checks.find(({ id }) => id === 'authorization_details')).toMatchObject(
      code === 'XAA1308'
        ? { code, expected, actual: { path: '/0/list', problem: 'must be at most 2 long' } }
        : { result: 'pass' },
    )
    expect(record).toMatchObject(
      code === 'XAA1308' ? { code, wire: { error: 'invalid_authorization_details' } } : { outcome: 'allow' },
    )
  })

  it.each([
    ['ab', 'XAA0001'],
    ['abc', 'XAA2221'],
  ])('at the Resource AS (RAR-04): %s is %s', (list, code) => {
    const server = zAuthorizationServer.parse({ ...SERVER, authorizationDetailsTypes })
    const settings = { issuer: makeServer().issuer, clockSkewSeconds: 30, compileDetailsSchema }
    const record = evaluateRedemption(
      makeRedemption({
        authorization_details: [
          { type: 'todo_list', list: '' },
          { type: 'todo_list', list },
        ],
      }),
      compileRedemptionSnapshot(1, settings, server),
    )
    expect(record.checks.find(({ id }) => id === 'authorization_details')).toMatchObject(
      code === 'XAA2221'
        ? { code, expected, actual: { path: '/1/list', problem: 'must be at most 2 long' } }
        : { result: 'pass' },
    )
    expect(record).toMatchObject(
      code === 'XAA2221' ? { code, wire: { error: 'invalid_authorization_details' } } : { outcome: 'allow' },
    )
  })
})

describe('haveSameMeaning', () => {
  it.each<[boolean, unknown, unknown]>([
    [true, { type: 'a', list: [1, { b: null }] }, { list: [1, { b: null }], type: 'a' }],
    [true, 'a', 'a'],
    [true, null, null],
    [false, 'a', 'b'],
    [false, 1, '1'],
    [false, null, {}],
    [false, {}, null],
    [false, 'a', ['a']],
    [false, ['a'], 'a'],
    [false, [], {}],
    [false, ['a'], { 0: 'a' }],
    [false, ['a', 'b'], ['b', 'a']],
    [false, { a: 1 }, { a: 1, b: 2 }],
    [false, { a: 1, b: 2 }, { a: 1 }],
    [false, { a: undefined }, { b: undefined }],
    [false, { a: { b: 1 } }, { a: { b: 2 } }],
  ])('%s for %j and %j', (expected, one, other) => {
    expect(haveSameMeaning(one, other)).toBe(expected)
  })
})
