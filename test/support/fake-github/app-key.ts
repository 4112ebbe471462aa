// The key pair of a fake GitHub App.
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** Returns a fresh RSA private key in PEM (PKCS#1, as GitHub hands it out). */
export function createAppKey(): { readonly privateKey: string } {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  return { privateKey }
}

/** Returns the public half of a private key in PEM. */
export function publicKeyOf(privateKey: string): KeyObject {
  return createPublicKey(privateKey)
}
