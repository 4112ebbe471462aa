// Plain tables for terminals: aligned columns, no colour, nothing that moves the cursor. Knows no record.

import { clip, oneLine } from './markdown.ts'

/** Longest cell, in characters: one long title must not push everything else off the screen. */
const CELL_LIMIT = 72

/** Returns the rows under their header, columns separated by two spaces; every text is made harmless and one line. */
export function alignedTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [header, ...rows].map((row) => row.map((cell) => clip(oneLine(cell), CELL_LIMIT)))
  const widths = header.map((_name, column) => Math.max(...cells.map((row) => width(row[column] ?? ''))))
  return cells
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('')
}

/** Returns `name  value` lines, values aligned. */
export function aligned(pairs: readonly (readonly [string, string])[]): string {
  const widest = Math.max(0, ...pairs.map(([name]) => width(name)))
  return pairs.map(([name, value]) => `${pad(name, widest)}  ${oneLine(value)}`.trimEnd() + '\n').join('')
}

function pad(text: string, to: number): string {
  return text + ' '.repeat(Math.max(0, to - width(text)))
}

function width(text: string): number {
  return Array.from(text).length
}
