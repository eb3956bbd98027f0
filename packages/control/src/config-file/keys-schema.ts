// Configuration of where private signing keys are kept.
import { zBoolean, zInteger } from '@crosswalk/protocol'
import { z } from 'zod'

const zPkcs11 = z.strictObject({
  module: z
    .string()
    .min(1)
    .describe('Path of the shared library (PKCS#11 module) that comes with the device.'),
  token: z.string().min(1).max(32).describe('Label of the token that keeps the keys.'),
  pin: z.string().min(1).max(256).describe('User PIN of the token, preferably from a variable.'),
  sessions: zInteger(1, 32)
    .default(4)
    .describe('Concurrent signatures; each has its own session with the device and its own thread.'),
})

const zAwsKms = z
  .strictObject({
    region: z
      .string()
      .regex(/^[a-z0-9-]{1,64}$/, 'a region such as eu-central-1')
      .describe('Region of the keys.'),
    endpoint: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Address of the service; AWS in this region by default.'),
    privateNetwork: zBoolean
      .default(false)
      .describe('true: the service is in a private network, such as a VPC endpoint.'),
    accessKeyId: z
      .string()
      .min(1)
      .optional()
      .describe('Access key; by default the role of the machine or pod, as AWS clients find it.'),
    secretAccessKey: z.string().min(1).optional().describe('Its secret, preferably from a variable.'),
    sessionToken: z.string().min(1).optional().describe('Its session token, for temporary keys.'),
  })
  .refine(
    ({ accessKeyId, secretAccessKey }) => (accessKeyId === undefined) === (secretAccessKey === undefined),
    'accessKeyId and secretAccessKey together, or neither',
  )
export type AwsKmsDefinition = z.infer<typeof zAwsKms>

export const zKeys = z
  .strictObject({
    provider: z
      .enum(['database', 'pkcs11', 'awsKms'])
      .default('database')
      .describe(
        'Where new signing keys are created and kept: `database` seals them with the master key; `pkcs11` (an HSM) and `awsKms` never release them.',
      ),
    pkcs11: zPkcs11
      .optional()
      .describe('The HSM; its existing keys keep signing as long as it is listed here.'),
    awsKms: zAwsKms
      .optional()
      .describe('AWS KMS; its existing keys keep signing as long as it is listed here.'),
  })
  .refine((keys) => keys.provider === 'database' || keys[keys.provider] !== undefined, {
    error: ({ input }) => `its settings: \`keys.${(input as { provider: string }).provider}\` is missing`,
  })
