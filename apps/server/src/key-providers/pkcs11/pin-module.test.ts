import { expect, it } from 'vitest'

import { pinModule } from './pin-module.ts'

it.each([
  ['is missing', 'ERR_MODULE_NOT_FOUND', "Cannot find package 'pkcs11js'"],
  ['was not compiled', 'MODULE_NOT_FOUND', "Cannot find module './build/Release/pkcs11.node'"],
])('explains what to run if the library %s', async (_, code, message) => {
  const failed = Object.assign(new Error(message), { code })
  const pinning = pinModule('/hsm.so', () => Promise.reject(failed))
  await expect(pinning).rejects.toMatchObject({
    name: 'StartError',
    message: `PKCS#11 needs the package pkcs11js: ${message}`,
    fix: expect.stringMatching(/allowScripts\.pkcs11js=true.*npm install pkcs11js.*npm rebuild pkcs11js/),
  })
})
