#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { runOnRuntime } from '../../../tools/runtime.mjs'

runOnRuntime(fileURLToPath(new URL('../src/main.ts', import.meta.url)), process.argv.slice(2))
