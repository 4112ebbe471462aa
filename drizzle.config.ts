// Where drizzle-kit finds the tables and puts the migrations. Never connects to a database.

import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'turso',
  schema: './src/adapters/db/schema/*.ts',
  out: './drizzle',
})
