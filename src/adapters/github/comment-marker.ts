// Signs the hidden marker of a comment, so that a marker somebody else wrote is told apart from ours.

import { createHmac } from 'node:crypto'
import type { Marker } from '../../domain/text/marker.ts'

/** Signs markers with one key. */
export type SignMarker = (subject: { readonly target: string; readonly issueNumber: number }) => Marker

const TAG_BYTES = 16

/** Makes the signer; the key is derived, so that a tag says nothing about the secret used elsewhere. */
export function createMarkerSigner(secret: string): SignMarker {
  const key = createHmac('sha256', secret).update('belay comment marker v1').digest()
  return ({ target, issueNumber }) => {
    const digest = createHmac('sha256', key).update(`${issueNumber}\n${target}`).digest()
    return { target, tag: digest.subarray(0, TAG_BYTES).toString('base64url') }
  }
}
