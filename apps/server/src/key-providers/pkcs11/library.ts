// The parts of `pkcs11js` used here. It is native and optional, so servers without an HSM do not install it: its
// types are declared here, and it is loaded only if configured.

/** Objects are found and created by these attributes. */
export interface Attribute {
  readonly type: number
  readonly value?: Buffer | number | boolean | string
}

export interface Mechanism {
  readonly mechanism: number
  readonly parameter?: Buffer | Readonly<Record<string, number>>
}

export interface Cryptoki {
  load(path: string): void
  close(): void
  C_Initialize(options: { readonly flags: number }): void
  C_Finalize(): void
  C_GetSlotList(tokenPresent: boolean): readonly Buffer[]
  C_GetTokenInfo(slot: Buffer): { readonly label: string }
  C_OpenSession(slot: Buffer, flags: number): Buffer
  C_CloseSession(session: Buffer): void
  C_Login(session: Buffer, user: number, pin: string): void
  C_GenerateKeyPair(
    session: Buffer,
    mechanism: Mechanism,
    publicTemplate: readonly Attribute[],
    privateTemplate: readonly Attribute[],
  ): { readonly publicKey: Buffer; readonly privateKey: Buffer }
  C_GetAttributeValue(
    session: Buffer,
    object: Buffer,
    template: readonly Attribute[],
  ): readonly { readonly value: Buffer }[]
  C_FindObjectsInit(session: Buffer, template: readonly Attribute[]): void
  C_FindObjects(session: Buffer, count: number): readonly Buffer[]
  C_FindObjectsFinal(session: Buffer): void
  C_DestroyObject(session: Buffer, object: Buffer): void
  C_SignInit(session: Buffer, mechanism: Mechanism, key: Buffer): void
  C_Sign(session: Buffer, data: Buffer, signature: Buffer): Buffer
}

/** An error of the library: `code` is the return value of the function, such as CKR_PIN_INCORRECT. */
export interface CryptokiError extends Error {
  readonly code: number
}

export const LIBRARY_ADVICE =
  'next to Crosswalk, run `npm pkg set allowScripts.pkcs11js=true --json`, `npm install pkcs11js` and `npm rebuild pkcs11js`; ' +
  'npm compiles it, which needs python3, make and a C++ compiler'

/** @throws Error if it is not installed, or was not compiled */
export async function loadLibrary(): Promise<Cryptoki> {
  const { default: library } = await import('pkcs11js')
  return new library.PKCS11() as Cryptoki
}
