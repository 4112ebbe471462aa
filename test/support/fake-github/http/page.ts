// Paging as GitHub does it: `per_page`, `page` and the `Link` header.
import type { Answer } from './answer.ts'

const usualPageSize = 30
const largestPageSize = 100

/** Returns one page of a list; `wrap` puts it into the object that some lists come in. */
export function answerPage(
  url: URL,
  items: readonly unknown[],
  wrap: (page: readonly unknown[]) => unknown = (page) => page,
): Answer {
  const size = Math.min(readCount(url, 'per_page', usualPageSize), largestPageSize)
  const page = readCount(url, 'page', 1)
  const last = Math.max(1, Math.ceil(items.length / size))
  const links = [
    ...(page > 1 ? [toLink(url, page - 1, 'prev')] : []),
    ...(page < last ? [toLink(url, page + 1, 'next'), toLink(url, last, 'last')] : []),
    ...(page > 1 ? [toLink(url, 1, 'first')] : []),
  ]
  const json = wrap(items.slice((page - 1) * size, page * size))
  return { status: 200, json, ...(links.length > 0 && { headers: { link: links.join(', ') } }) }
}

function readCount(url: URL, name: string, usual: number): number {
  const value = Number(url.searchParams.get(name) ?? usual)
  return Number.isSafeInteger(value) && value > 0 ? value : usual
}

function toLink(url: URL, page: number, rel: string): string {
  const target = new URL(url)
  target.searchParams.set('page', String(page))
  return `<${target.href}>; rel="${rel}"`
}
