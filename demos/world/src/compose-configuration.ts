// Derives the configurations of the other topologies from the files of the first one, so that shared parts exist only
// once. The result is an ordinary file with comments, in the folder of the world.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { type Document, isMap, parseDocument } from 'yaml'

import type { Topology } from './topology.ts'

const at = (name: string) => fileURLToPath(new URL(`../config/${name}`, import.meta.url))
const COMPANY_FILE = at('company-idp.yaml')
export const VENDOR_FILE = at('todo-vendor.yaml')
export const GATEWAY_VENDOR_FILE = at('gateway-vendor.yaml')
const GATEWAY_COMPANY_FILE = at('gateway-company.yaml')

/** @returns the configuration file of the company's server in this topology */
export function composeCompany(topology: Topology, folder: string): string {
  switch (topology) {
    case 'vendors':
      return COMPANY_FILE
    case 'single':
      return write(`${folder}/single-company.yaml`, addServers(read(COMPANY_FILE), read(VENDOR_FILE)))
    case 'gateway':
      return write(`${folder}/gateway-company.yaml`, override(read(COMPANY_FILE), read(GATEWAY_COMPANY_FILE)))
  }
}

/** The vendor's server moves to the company: the same section, in the other file. */
function addServers(company: Document, vendor: Document): Document {
  company.set('authorizationServers', vendor.get('authorizationServers', true))
  return company
}

/** Members of `idp` in `changes` replace those in `company`. */
function override(company: Document, changes: Document): Document {
  const idp = changes.get('idp', true)
  if (!isMap(idp)) throw new Error(`${GATEWAY_COMPANY_FILE} has no section idp`)
  for (const { key, value } of idp.items) company.setIn(['idp', String(key)], value)
  return company
}

function read(file: string): Document {
  const document = parseDocument(readFileSync(file, 'utf8'))
  const [error] = document.errors
  if (error !== undefined) throw error
  return document
}

const OWNER_ONLY = 0o600

function write(file: string, document: Document): string {
  writeFileSync(file, document.toString({ lineWidth: 0 }), { mode: OWNER_ONLY })
  return file
}
