// The sign-in library warns at import about any Node.js whose build carries no LTS code name, which builds from npm do
// not. The runtime is pinned and tested (docs/adr/0001-runtime.md), so that one line would only alarm operators.
// Imported before the library; every other warning passes.
const { warn } = console

// oxlint-disable-next-line no-console -- the library knows no other way out
console.warn = (...parts: readonly unknown[]) => {
  if (!String(parts[0]).includes('oidc-provider WARNING: Unsupported runtime'))
    warn.apply(console, [...parts])
}
