// Says which keys the configuration knows at a place, for hints. Reads the schema, so it can not disagree with it.

import { z } from 'zod'

import { REPOSITORY_CONFIG_SCHEMA } from './repository-config-schema.ts'
import type { YamlPath } from './yaml-position.ts'

/** Returns the keys that are known in the mapping at a path, in the order of the schema. */
export function knownKeys(path: YamlPath): readonly string[] {
  let schema: unknown = REPOSITORY_CONFIG_SCHEMA
  for (const step of path) {
    const container = unwrap(schema)
    if (container instanceof z.ZodArray) schema = container.element
    else if (container instanceof z.ZodObject)
      schema = Object.hasOwn(container.shape, step) ? container.shape[step] : null
    else return []
  }
  const mapping = unwrap(schema)
  return mapping instanceof z.ZodObject ? Object.keys(mapping.shape) : []
}

function unwrap(schema: unknown): unknown {
  const isWrapper =
    schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault || schema instanceof z.ZodOptional
  return isWrapper ? unwrap(schema.unwrap()) : schema
}
