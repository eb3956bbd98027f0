// The command that the conformance tool starts as a client: hands what the tool says to the test that listens at the
// first argument, where the client runs beside sources that are loaded already, and ends as that one ended.
const [at, sdk, serverUrl] = process.argv.slice(2)
const { MCP_CONFORMANCE_SCENARIO, MCP_CONFORMANCE_PROTOCOL_VERSION, MCP_CONFORMANCE_CONTEXT } = process.env
const response = await fetch(at, {
  method: 'POST',
  body: JSON.stringify({
    serverUrl,
    name: MCP_CONFORMANCE_SCENARIO ?? '',
    protocolVersion: MCP_CONFORMANCE_PROTOCOL_VERSION ?? '',
    context: MCP_CONFORMANCE_CONTEXT ?? '{}',
    sdk,
  }),
})
const end = await response.text()
console.log(end)
process.exitCode = response.ok && JSON.parse(end).outcome === 'done' ? 0 : 1
