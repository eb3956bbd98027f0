// At import, the sign-in library warns about any Node.js build without an LTS code name, such as those from npm. The
// runtime is pinned and tested (docs/adr/0001-runtime.md), so this line would only alarm operators. Import this file
// before the library; all other warnings pass.
const { warn } = console

// oxlint-disable-next-line no-console -- the library offers no other way
console.warn = (...parts: readonly unknown[]) => {
  if (!String(parts[0]).includes('oidc-provider WARNING: Unsupported runtime'))
    warn.apply(console, [...parts])
}
