// What GitHub demands of the paging arguments of a connection, checked field by field, so that other fields are answered.
import { getNamedType, Kind } from 'graphql'
import type { GraphQLResolveInfo, SelectionNode } from 'graphql'
import { typedError } from './ask.ts'

const largestPageSize = 100

/** Throws when a connection is asked for without a page, or for too large a page. */
export function checkPageArguments(args: Readonly<Record<string, unknown>>, info: GraphQLResolveInfo): void {
  if (!getNamedType(info.returnType).name.endsWith('Connection')) return
  const { fieldName } = info
  const sizes = ['first', 'last'].filter((name) => typeof args[name] === 'number')
  if (sizes.length > 1) {
    const message = `Passing both \`first\` and \`last\` to paginate the \`${fieldName}\` connection is not supported.`
    throw typedError('UNPROCESSABLE', message)
  }
  const [name] = sizes
  if (name !== undefined) checkSize(fieldName, name, Number(args[name]))
  else if (!isOnlyCounted(info)) {
    const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${fieldName}\` connection.`
    throw typedError('MISSING_PAGINATION_BOUNDARIES', message)
  }
}

function checkSize(fieldName: string, name: string, size: number): void {
  if (size > largestPageSize) {
    const message = `Requesting ${size} records on the \`${fieldName}\` connection exceeds the \`${name}\` limit of ${largestPageSize} records.`
    throw typedError('EXCESSIVE_PAGINATION', message)
  }
  if (size < 1) {
    const message = `\`${name}\` on the \`${fieldName}\` connection cannot be less than one.`
    throw typedError('INVALID_PAGINATION', message)
  }
}

// Counting needs no page.
function isOnlyCounted({ fieldNodes }: GraphQLResolveInfo): boolean {
  const isCount = (node: SelectionNode): boolean =>
    node.kind === Kind.FIELD && ['totalCount', '__typename'].includes(node.name.value)
  return fieldNodes.every(({ selectionSet }) => selectionSet?.selections.every(isCount) ?? true)
}
