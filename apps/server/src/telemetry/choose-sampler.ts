// Selects the sampler by the standard variables. Unknown names select the default, as the specification requires.
import type {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'

/** The SDK, which is loaded only if spans are sent. */
export interface Samplers {
  readonly AlwaysOnSampler: typeof AlwaysOnSampler
  readonly AlwaysOffSampler: typeof AlwaysOffSampler
  readonly ParentBasedSampler: typeof ParentBasedSampler
  readonly TraceIdRatioBasedSampler: typeof TraceIdRatioBasedSampler
}

const BY_PARENT = 'parentbased_'

export function chooseSampler(
  environment: Readonly<Record<string, string | undefined>>,
  samplers: Samplers,
): Sampler {
  const { OTEL_TRACES_SAMPLER: name = `${BY_PARENT}always_on`, OTEL_TRACES_SAMPLER_ARG: ratio = '1' } =
    environment
  const root = chooseRoot(name.replace(BY_PARENT, ''), Number(ratio), samplers)
  return name.startsWith(BY_PARENT) ? new samplers.ParentBasedSampler({ root }) : root
}

function chooseRoot(name: string, ratio: number, samplers: Samplers): Sampler {
  if (name === 'always_off') return new samplers.AlwaysOffSampler()
  if (name === 'traceidratio') return new samplers.TraceIdRatioBasedSampler(ratio)
  return new samplers.AlwaysOnSampler()
}
