// What a query costs before it is run, by GitHub's published formulas. Nodes: the page sizes along each path multiplied,
// summed. Points: how often each connection must be asked for, if every page were full, divided by 100, at least 1.
import { getArgumentValues, getDirectiveValues, getNamedType, GraphQLIncludeDirective } from 'graphql'
import { GraphQLSkipDirective, isAbstractType, isInterfaceType, isObjectType, Kind } from 'graphql'
import type { DocumentNode, FieldNode, FragmentDefinitionNode, GraphQLField, GraphQLNamedType } from 'graphql'
import type { GraphQLSchema, OperationDefinitionNode, SelectionNode, SelectionSetNode } from 'graphql'

/** The cost of a query. */
export interface QueryCost {
  /** Points taken from the hour. */
  readonly points: number
  /** Nodes the query could return. */
  readonly nodeCount: number
}

/** The operation of a document that is run. */
export interface Operation {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  /** Coerced, with defaults. */
  readonly variables: Readonly<Record<string, unknown>>
}

interface Tally {
  requests: number
  nodes: number
}

interface Place {
  readonly type: GraphQLNamedType
  /** How many objects of this place there are at most. */
  readonly times: number
}

/** Returns what an operation costs. */
export function costOf(operation: Operation): QueryCost {
  const { schema, operation: definition } = operation
  const tally: Tally = { requests: 0, nodes: 0 }
  const type = schema.getRootType(definition.operation)
  if (type) new CostWalk(operation, tally).walk(definition.selectionSet, { type, times: 1 })
  return { points: Math.max(1, Math.round(tally.requests / 100)), nodeCount: tally.nodes }
}

class CostWalk {
  readonly #operation: Operation
  readonly #tally: Tally
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>

  constructor(operation: Operation, tally: Tally) {
    this.#operation = operation
    this.#tally = tally
    const definitions = operation.document.definitions.filter(
      (node) => node.kind === Kind.FRAGMENT_DEFINITION,
    )
    this.#fragments = new Map(definitions.map((fragment) => [fragment.name.value, fragment]))
  }

  walk({ selections }: SelectionSetNode, place: Place): void {
    for (const selection of selections.filter((node) => this.#isIncluded(node))) {
      if (selection.kind === Kind.FIELD) this.#walkField(selection, place)
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        this.walk(selection.selectionSet, this.#narrow(place, selection.typeCondition?.name.value))
      else this.#walkFragment(selection.name.value, place)
    }
  }

  #walkFragment(name: string, place: Place): void {
    const fragment = this.#fragments.get(name)
    if (fragment) this.walk(fragment.selectionSet, this.#narrow(place, fragment.typeCondition.name.value))
  }

  #walkField(field: FieldNode, { type, times }: Place): void {
    const definition =
      isObjectType(type) || isInterfaceType(type) ? type.getFields()[field.name.value] : undefined
    if (definition === undefined || field.selectionSet === undefined) return
    const inner = getNamedType(definition.type)
    const size = this.#sizeOf(field, definition)
    if (!inner.name.endsWith('Connection')) {
      this.walk(field.selectionSet, { type: inner, times: times * (size ?? 1) })
      return
    }
    this.#tally.requests += times
    this.#tally.nodes += times * (size ?? 0)
    this.walk(field.selectionSet, { type: inner, times: times * (size ?? 0) })
  }

  // The page size of a connection, or the number of ids of `nodes`.
  #sizeOf(field: FieldNode, definition: GraphQLField<unknown, unknown>): number | undefined {
    const values = getArgumentValues(definition, field, { ...this.#operation.variables })
    const size = values['first'] ?? values['last']
    if (typeof size === 'number') return size
    return Array.isArray(values['ids']) ? values['ids'].length : undefined
  }

  #narrow(place: Place, name: string | undefined): Place {
    const type = name === undefined ? undefined : this.#operation.schema.getType(name)
    return type && (isObjectType(type) || isAbstractType(type)) ? { ...place, type } : place
  }

  #isIncluded(node: SelectionNode): boolean {
    const variables = { ...this.#operation.variables }
    const skip = getDirectiveValues(GraphQLSkipDirective, node, variables)
    const include = getDirectiveValues(GraphQLIncludeDirective, node, variables)
    return skip?.['if'] !== true && include?.['if'] !== false
  }
}
