// Lets types be checked without the package installed. `library.ts` declares the parts that are used.
declare module 'pkcs11js' {
  const library: { readonly PKCS11: new () => unknown }
  export default library
}
