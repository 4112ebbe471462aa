// Puts files into a tree, object by object. Knows no commits and no refs.
import type { GitObjects } from './objects.ts'

/** What a file becomes; null deletes it. */
export type FileChange = string | Buffer | null

/** File changes by path. */
export type FileChanges = Readonly<Record<string, FileChange>>

interface Entry {
  readonly mode: string
  readonly id: string
}

// By name; the characters of a name are its bytes. A folder is read when something in it changes.
type Folder = Map<string, Entry | Folder>

const folderMode = '40000'

/** Returns the tree that another tree, or none, becomes with the changes in their order; empty folders vanish. */
export async function changeTree(
  objects: GitObjects,
  tree: string | undefined,
  files: FileChanges,
): Promise<string> {
  const root = tree === undefined ? new Map() : await readFolder(objects, tree)
  for (const [path, change] of Object.entries(files)) {
    const names = Buffer.from(path).toString('latin1').split('/')
    if (names.includes('')) throw new Error(`${path} is no path of a file`)
    await changeFile({ objects, root, names }, change, path.endsWith('.sh') ? '100755' : '100644')
  }
  return writeFolder(objects, root)
}

async function changeFile(
  place: { readonly objects: GitObjects; readonly root: Folder; readonly names: readonly string[] },
  change: FileChange,
  mode: string,
): Promise<void> {
  const { objects, root, names } = place
  const last = names.at(-1) ?? ''
  let folder = root
  for (const name of names.slice(0, -1)) {
    const next = await openFolder(objects, folder.get(name))
    if (next === undefined && change === null) return
    const opened = next ?? new Map()
    folder.set(name, opened)
    folder = opened
  }
  if (change === null) folder.delete(last)
  else folder.set(last, { mode, id: objects.write('blob', Buffer.from(change)) })
}

async function openFolder(
  objects: GitObjects,
  entry: Entry | Folder | undefined,
): Promise<Folder | undefined> {
  if (entry instanceof Map) return entry
  return entry?.mode === folderMode ? readFolder(objects, entry.id) : undefined
}

async function readFolder(objects: GitObjects, id: string): Promise<Folder> {
  const found = await objects.read(id)
  if (found?.type !== 'tree') throw new Error(`${id} is no tree`)
  const folder: Folder = new Map()
  const { bytes } = found
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(' ', at)
    const end = bytes.indexOf(0, space)
    const name = bytes.toString('latin1', space + 1, end)
    folder.set(name, {
      mode: bytes.toString('latin1', at, space),
      id: bytes.toString('hex', end + 1, end + 21),
    })
    at = end + 21
  }
  return folder
}

function writeFolder(objects: GitObjects, folder: Folder): string {
  const entries = [...folder].flatMap(([name, entry]) => {
    if (!(entry instanceof Map)) return [{ name, ...entry }]
    return isEmpty(entry) ? [] : [{ name, mode: folderMode, id: writeFolder(objects, entry) }]
  })
  // Git sorts a folder as if its name ended with a slash.
  const key = ({ name, mode }: (typeof entries)[number]): string => (mode === folderMode ? `${name}/` : name)
  const lines = entries
    .toSorted((one, other) => (key(one) < key(other) ? -1 : 1))
    .map(({ name, mode, id }) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`, 'latin1'), Buffer.from(id, 'hex')]),
    )
  return objects.write('tree', Buffer.concat(lines))
}

function isEmpty(folder: Folder): boolean {
  return [...folder.values()].every((entry) => entry instanceof Map && isEmpty(entry))
}
