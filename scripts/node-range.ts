// Reads the version ranges that package.json's `engines` uses: `^a.b.c` and `>=a.b.c`, joined by `||`.

type Version = readonly [major: number, minor: number, patch: number]

/** Returns the three numbers of a version such as `v20.19` or `22.12.0`; missing ones are 0. Throws on anything else. */
function readVersion(text: string): Version {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/u.exec(text.trim())
  if (match === null) throw new Error(`not a version: ${text}`)
  return [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)]
}

function isAtLeast(version: Version, least: Version): boolean {
  const at = version.findIndex((part, index) => part !== least[index])
  return at === -1 || (version[at] ?? 0) > (least[at] ?? 0)
}

/** Tells whether a version lies in a range. Throws on a form of range that is not listed above. */
export function satisfies(version: string, range: string): boolean {
  const wanted = readVersion(version)
  return range.split('||').some((part) => {
    const match = /^\s*(\^|>=)\s*([\d.]+)\s*$/u.exec(part)
    if (match === null) throw new Error(`not a range: ${part}`)
    const least = readVersion(match[2] ?? '')
    return isAtLeast(wanted, least) && (match[1] === '>=' || wanted[0] === least[0])
  })
}

/** Returns the lowest major version a range allows. */
export function lowestMajor(range: string): number {
  return Math.min(...range.split('||').map((part) => readVersion(part.replace(/[\s^>=]/gu, ''))[0]))
}
