import { describe, expect, it } from 'vitest'

import { readModelSettings } from './model-settings.ts'

const OPENAI = { AGENT0_MODEL_API: 'openai', AGENT0_MODEL: 'small-1', AGENT0_MODEL_KEY: 'a key' }

describe('readModelSettings', () => {
  it('returns undefined if nothing is set', () => {
    expect(readModelSettings({ PATH: '/bin', AGENT0_MODEL: '' })).toBeUndefined()
  })

  it.each([
    [OPENAI, { api: 'openai', url: 'https://api.openai.com/v1', key: 'a key', timeoutMs: 60_000 }],
    [
      { AGENT0_MODEL_API: 'ollama', AGENT0_MODEL: 'm', AGENT0_MODEL_TIMEOUT_SECONDS: '600' },
      { api: 'ollama', url: 'http://127.0.0.1:11434', timeoutMs: 600_000 },
    ],
    [
      { AGENT0_MODEL_API: 'openai', AGENT0_MODEL: 'm', AGENT0_MODEL_URL: 'http://llm.lan:8000/v1/' },
      { url: 'http://llm.lan:8000/v1' },
    ],
    [
      { ...OPENAI, AGENT0_MODEL_API: 'anthropic', AGENT0_MODEL_URL: 'http://localhost:1/' },
      { api: 'anthropic', url: 'http://localhost:1', key: 'a key' },
    ],
  ])('reads %j', (env, expected) => {
    expect(readModelSettings(env)).toMatchObject(expected)
  })

  it.each([
    [{ AGENT0_MODEL_API: 'gpt' }, ['must be one of openai, anthropic, ollama', 'AGENT0_MODEL must name']],
    [{ ...OPENAI, AGENT0_MODEL_KEY: undefined }, ['AGENT0_MODEL_KEY is needed']],
    [{ ...OPENAI, AGENT0_MODEL_KYE: 'x' }, ['AGENT0_MODEL_KYE is unknown']],
    [{ ...OPENAI, AGENT0_MODEL_TIMEOUT_SECONDS: '0' }, ['from 1 to 600']],
    [{ ...OPENAI, AGENT0_MODEL_TIMEOUT_SECONDS: '601' }, ['from 1 to 600']],
    [{ ...OPENAI, AGENT0_MODEL_URL: 'http://llm.lan/v1' }, ['must be https if a key is sent']],
    [{ ...OPENAI, AGENT0_MODEL_URL: 'https://u:p@llm.lan/v1' }, ['must have no user']],
    [{ ...OPENAI, AGENT0_MODEL_URL: 'ftp://llm.lan' }, ['must begin with https or http']],
    [{ ...OPENAI, AGENT0_MODEL_URL: 'llm' }, ['is not a URL']],
  ])('rejects %j', (env, problems) => {
    for (const problem of problems) expect(() => readModelSettings(env)).toThrow(problem)
    expect(() => readModelSettings(env)).not.toThrow('a key\n')
  })
})
