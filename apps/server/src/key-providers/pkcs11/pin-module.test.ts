import { expect, it } from 'vitest'

import { pinModule } from './pin-module.ts'

it('explains what to install if the library is missing', async () => {
  const missing = Object.assign(new Error("Cannot find package 'pkcs11js'"), { code: 'ERR_MODULE_NOT_FOUND' })
  await expect(pinModule('/hsm.so', () => Promise.reject(missing))).rejects.toMatchObject({
    name: 'StartError',
    message: "PKCS#11 needs the package pkcs11js: Cannot find package 'pkcs11js'",
    fix: expect.stringContaining('npm install pkcs11js'),
  })
})
