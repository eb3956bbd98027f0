// `crosswalk token inspect`: decodes a token, offline unless a JWKS URL is given.
import { decodeToken, lintToken, TIME_CLAIMS, renderTime, stripToken } from '@crosswalk/lab/token'
import type { Command } from 'commander'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { type JsonDocument, outputOption, writeJson, type OutputFormat } from '../output.ts'
import { readInput, type CommandTerminal } from '../terminal.ts'
import { type Inspection, renderInspection } from '../token/render-token.ts'
import { notJwksError, readJwks } from '../token/read-jwks.ts'

export function addTokenCommands(program: Command, terminal: CommandTerminal): void {
  const token = program.command('token').description('inspect tokens')
  token
    .command('inspect')
    .description('decode a JWT from a file or standard input: kind, header, claims, times, problems')
    .argument('[file]', 'file with the token; default: standard input')
    .option('--jwks <url-or-file>', 'also check the signature with these keys')
    .addOption(outputOption())
    .action(async (file: string | undefined, options: { jwks?: string; output: OutputFormat }) => {
      const text = await readInput(terminal, file)
      const nowSeconds = Math.floor(terminal.nowMs() / 1000)
      const inspection = await inspect(text, options.jwks, nowSeconds)
      if (options.output === 'json') writeJson(terminal, toDocument(inspection, nowSeconds))
      else terminal.writeOut(renderInspection(inspection, nowSeconds))
      if (inspection.signature?.valid === false) terminal.endWith(EXIT.negative)
    })
}

async function inspect(text: string, jwks: string | undefined, nowSeconds: number): Promise<Inspection> {
  const token = decodeToken(text)
  if (token === undefined) {
    const fix = 'provide one token in compact form: base64url parts separated by dots'
    throw new CliError(EXIT.usage, 'not a JWT', fix)
  }
  const lints = lintToken(token, nowSeconds)
  if (jwks === undefined) return { token, lints, signature: undefined }
  const { verifySignature } = await import('@crosswalk/lab')
  const signature = await verifySignature(stripToken(text), await readJwks(jwks))
  if (signature === undefined) throw notJwksError(jwks)
  return { token, lints, signature }
}

function toDocument({ token, lints, signature }: Inspection, nowSeconds: number): JsonDocument {
  const moments = Object.entries(token.claims ?? {}).flatMap(([name, value]) => {
    const isMoment = TIME_CLAIMS.has(name) && typeof value === 'number'
    return isMoment ? [[name, renderTime(value, nowSeconds)]] : []
  })
  return {
    schema: 'crosswalk.token/v1',
    kind: token.kind,
    header: token.header,
    claims: token.claims ?? null,
    times: Object.fromEntries(moments) as Record<string, unknown>,
    lints,
    signature: signature ?? null,
  }
}
