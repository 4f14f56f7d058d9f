import { integerParameter, textField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'

const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'must begin with a letter and hold a-z, 0-9 and _ only, 40 at most')
const params = z.object({ name })
const CategorySchema = z.object({ name: z.string() }).meta({ id: 'Category' })
const TagSchema = z.object({ name: z.string(), count: z.int().describe('Of the events that everybody may find') })

export const categoriesApi = defineApi({
  listCategories: {
    method: 'get',
    path: '/categories',
    summary: 'The categories that events have',
    tag: 'categories',
    permission: 'events.browse',
    answers: { 200: { description: 'All of them', schema: z.object({ items: z.array(CategorySchema) }) } },
  },
  addCategory: {
    method: 'put',
    path: '/categories/{name}',
    summary: 'Have a category',
    tag: 'categories',
    permission: 'categories.edit',
    params,
    answers: { 200: { description: 'The category', schema: CategorySchema } },
  },
  removeCategory: {
    method: 'delete',
    path: '/categories/{name}',
    summary: 'Have a category no longer, unless events have it',
    tag: 'categories',
    permission: 'categories.edit',
    params,
    answers: { 204: { description: 'There is no such category now' } },
    problems: ['InvalidStatus'],
  },
  listTags: {
    method: 'get',
    path: '/tags',
    summary: 'Tags in use, to complete what somebody types',
    tag: 'categories',
    permission: 'events.browse',
    query: z.strictObject({
      prefix: textField({ min: 1, max: 30 }).optional().describe('How they begin'),
      limit: integerParameter({ min: 1, max: 100 }).default(20),
    }),
    answers: { 200: { description: 'The most used first', schema: z.object({ items: z.array(TagSchema) }) } },
  },
})
