// So that types are checked where the package is not installed. What of it is used is in `library.ts`.
declare module 'pkcs11js' {
  const library: { readonly PKCS11: new () => unknown }
  export default library
}
