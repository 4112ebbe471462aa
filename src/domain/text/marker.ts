// The hidden last line that tells our own comments apart. Knows its spelling, not how the tag is made.

/** What a marker says; `tag` proves that Belay wrote it. */
export interface Marker {
  readonly target: string
  /** `[A-Za-z0-9_-]` only. */
  readonly tag: string
}

// The target is there to be read by people; what identifies the comment is the tag, which covers all of it.
const SHOWN_CHARACTERS = 120

/** Returns the hidden line. Characters that could end the comment early are percent-encoded. */
export function renderMarker(marker: Marker): string {
  return `<!-- belay:${encodeTarget(marker.target)} ${marker.tag} -->`
}

/** Returns a comment's body with its marker as the last line. */
export function withMarker(body: string, marker: Marker): string {
  return `${body.trimEnd()}\n\n${renderMarker(marker)}`
}

/** Tells whether the last line of a comment is this marker. Anywhere else it is somebody's quotation. */
export function hasMarker(body: string, marker: Marker): boolean {
  return body.trimEnd().split('\n').at(-1)?.trim() === renderMarker(marker)
}

function encodeTarget(target: string): string {
  return encodeURIComponent(target.slice(0, SHOWN_CHARACTERS).replace(/\p{Surrogate}/gu, '\ufffd'))
    .replace(/[!'()*~]/gu, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%(3A|23|2F|3D|2B)/gu, (code) => decodeURIComponent(code))
    .replace(/-(?=-)|-$/gu, '%2D')
}
