// Strictly parses what receivers send to create or change a stream. Does not decide who may send it.
import { accept, DELIVERY_METHOD, isText, refuse, type Result, zServerUrl } from '@crosswalk/protocol'
import { z } from 'zod'

const zEventTypes = z.array(z.string().min(1).max(512)).max(100)

const zDelivery = z.discriminatedUnion('method', [
  z.object({
    method: z.literal(DELIVERY_METHOD.push),
    endpoint_url: zServerUrl,
    authorization_header: z
      .string()
      .regex(/^[\x20-\x7e]{1,2048}$/)
      .optional(),
  }),
  z.object({ method: z.literal(DELIVERY_METHOD.poll) }),
])

/** Members that we supply may be echoed; unknown ones are ignored (SSF 1.0 section 8.1.1). */
const zStreamInput = z.object({
  stream_id: z.string().optional(),
  iss: z.string().optional(),
  aud: z.union([z.string(), z.array(z.string()).length(1)]).optional(),
  delivery: zDelivery.optional(),
  events_requested: zEventTypes.optional(),
  description: z.string().max(256).optional(),
})
export type StreamInput = z.output<typeof zStreamInput>

const zStatusInput = z.object({
  stream_id: z.string(),
  status: z.enum(['enabled', 'paused', 'disabled']),
  reason: z.string().max(256).optional(),
})

/** Limited, because a stream stores many of them. */
const MAX_SUBJECT_CHARACTERS = 2048

const zSubjectInput = z.object({
  stream_id: z.string(),
  // RFC 9493 section 3: each subject identifier names its format.
  subject: z
    .looseObject({ format: z.string().min(1) })
    .refine((subject) => JSON.stringify(subject).length <= MAX_SUBJECT_CHARACTERS, 'too long'),
  verified: z.boolean().optional(),
})

const zVerificationInput = z.object({ stream_id: z.string(), state: z.string().max(1024).optional() })

/** As many as one poll returns. Recording each error takes a transaction. */
const MAX_REPORTED_ERRORS = 100

const zPollInput = z.object({
  maxEvents: z.int().min(0).optional(),
  returnImmediately: z.boolean().optional(),
  ack: z.array(z.string().max(255)).max(1000).optional(),
  setErrs: z
    .record(
      z.string().max(255),
      z.object({ err: z.string().max(128), description: z.string().max(512).optional() }),
    )
    .refine((errors) => Object.keys(errors).length <= MAX_REPORTED_ERRORS, `more than ${MAX_REPORTED_ERRORS}`)
    .optional(),
})

const INPUTS = {
  stream: zStreamInput,
  status: zStatusInput,
  subject: zSubjectInput,
  verification: zVerificationInput,
  poll: zPollInput,
} as const

/** @returns the typed body, or its first problem */
export function parseInput<K extends keyof typeof INPUTS>(
  kind: K,
  body: unknown,
): Result<z.output<(typeof INPUTS)[K]>, string> {
  const parsed = INPUTS[kind].safeParse(body)
  if (parsed.success) return accept(parsed.data as z.output<(typeof INPUTS)[K]>)
  const [issue] = parsed.error.issues
  const path = issue?.path.join('.') ?? ''
  return refuse(`${path === '' ? 'body' : path}: ${issue?.message ?? 'malformed'}`)
}

export function readAudience({ aud }: StreamInput): string | undefined {
  return isText(aud) ? aud : aud?.[0]
}
