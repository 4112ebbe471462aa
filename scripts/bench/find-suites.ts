// Finds the suites: every file in `suites/` is one, so that adding a suite touches nothing else.

import { readdir } from 'node:fs/promises'
import type { Suite } from './suite.ts'

const FOLDER = new URL('./suites/', import.meta.url)

/** Returns every suite, by name. Throws for a file that is none. */
export async function findSuites(): Promise<readonly Suite[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.ts')).toSorted()
  return Promise.all(files.map(loadSuite))
}

async function loadSuite(file: string): Promise<Suite> {
  const loaded = (await import(new URL(file, FOLDER).href)) as { readonly suite?: Suite }
  if (loaded.suite?.name !== file.replace(/\.ts$/, ''))
    throw new Error(`suites/${file} exports no suite of its name`)
  return loaded.suite
}
