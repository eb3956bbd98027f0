export * from './create-idp.ts'
export * from './ports.ts'
export { hashPassword, verifyPassword } from './sign-in/passwords.ts'
