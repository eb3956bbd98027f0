// Which traces are recorded, by the standard variables. Unknown names mean the default, as the specification wants it.
import type {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'

/** The SDK, which is loaded only where spans are sent. */
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
