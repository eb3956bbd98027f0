import * as sdk from '@opentelemetry/sdk-trace'
import { describe, expect, it } from 'vitest'

import { chooseSampler } from './choose-sampler.ts'
import { isTelemetryEnabled, startTelemetry } from './start-telemetry.ts'

const ENDPOINT = 'http://127.0.0.1:4318'

describe('spans are sent', () => {
  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${ENDPOINT}/v1/traces` }, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_TRACES_EXPORTER: 'otlp' }, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_SDK_DISABLED: 'false' }, true],
    [{}, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
    [{ OTEL_SERVICE_NAME: 'idp' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }, false],
  ])('with %j: %s', (environment, expected) => {
    expect(isTelemetryEnabled(environment)).toBe(expected)
  })

  it('not in this process, which has no collector', async () => {
    await expect(startTelemetry('crosswalk')).resolves.toBeUndefined()
  })
})

describe('the sampler', () => {
  it.each([
    [{}, 'ParentBased{root=AlwaysOnSampler'],
    [{ OTEL_TRACES_SAMPLER: 'always_on' }, 'AlwaysOnSampler'],
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, 'AlwaysOffSampler'],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_always_off' }, 'ParentBased{root=AlwaysOffSampler'],
    [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' }, 'TraceIdRatioBased{0.1}'],
    [
      { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' },
      'ParentBased{root=TraceIdRatioBased{0.5}',
    ],
    [{ OTEL_TRACES_SAMPLER: 'unknown' }, 'AlwaysOnSampler'],
  ])('of %j is %s', (environment, expected) => {
    expect(chooseSampler(environment, sdk).toString().startsWith(expected)).toBe(true)
  })
})
