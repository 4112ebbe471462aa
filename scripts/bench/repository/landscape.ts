// The files of a generated repository: which there are and what each line says after how many edits. Pure; a whole
// landscape is one number for each line, so that histories can branch at no cost.

import { mixed } from './dice.ts'

export const LINES = 32

const WORDS =
  'rope knot anchor belay climb ridge stone crack chimney ledge summit harness carabiner sling chalk wall'.split(
    ' ',
  )
const FILES_IN_FOLDER = 20
const FOLDERS_IN_AREA = 25

/** All files at one commit. */
export class Landscape {
  readonly files: number
  readonly #edits: Uint32Array

  constructor(files: number, edits = new Uint32Array(files * LINES)) {
    this.files = files
    this.#edits = edits
  }

  /** Returns the same files, to be edited apart. */
  copy(): Landscape {
    return new Landscape(this.files, this.#edits.slice())
  }

  /** Writes a line anew; another hand writes another text. */
  edit(place: { readonly file: number; readonly line: number; readonly hand?: number }): void {
    const at = place.file * LINES + place.line
    this.#edits[at] = (this.#edits[at] ?? 0) + 1 + (place.hand ?? 0) * 1_000_000
  }

  path(file: number): string {
    const folder = Math.floor(file / FILES_IN_FOLDER)
    const area = Math.floor(folder / FOLDERS_IN_AREA)
    return `areas/a${area}/f${folder % FOLDERS_IN_AREA}/file-${file}.txt`
  }

  text(file: number): string {
    const lines = Array.from({ length: LINES }, (_, line) => this.#line(file, line))
    return `${lines.join('\n')}\n`
  }

  #line(file: number, line: number): string {
    const edits = this.#edits[file * LINES + line] ?? 0
    let bits = mixed(file * 2_654_435 + line * 97 + edits * 31 + 1)
    const words: string[] = []
    for (let count = 0; count < 8; count += 1) {
      words.push(WORDS[bits & 15] ?? '')
      bits = (bits >>> 4) | (bits << 28)
    }
    return `${line}.${edits} ${words.join(' ')}`
  }
}
