import { textField, timeZoneField } from '@rollcall/http/fields'
import { languages } from '@rollcall/i18n/languages'
import { z } from 'zod'
import { publicFieldNames, type User } from './tables.ts'

const MOST_ADDITIONAL = 20

const additionalName = z
  .string()
  .max(40, 'has a name of more than 40 characters')
  .regex(/^[a-z][a-z0-9_]*$/, 'has a name with other characters than a-z, 0-9 and _')

const additionalValue = z.union([textField({ max: 500 }), z.number(), z.boolean()], {
  error: 'must be text of at most 500 characters, a number, true or false',
})

/** Fields of a person's own. */
export const AdditionalSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

const additionalField = z
  .record(additionalName, additionalValue)
  .refine((fields) => Object.keys(fields).length <= MOST_ADDITIONAL, `must be at most ${MOST_ADDITIONAL} fields`)
  .meta({ maxProperties: MOST_ADDITIONAL, example: { tshirt_size: 'M' } })

/** An address of one site, as people copy it: `https`, no port, no query, nothing after the name but a slash. */
function profileUrl(pattern: RegExp, example: string) {
  return z.string().trim().max(200).regex(pattern, `must look like ${example}`).meta({ example })
}

const nullable = <Field extends z.ZodType>(field: Field) => field.nullable().optional()

/** What people say of themselves: at the sign-up, and whenever they change it. `null` clears. */
export const profileFields = {
  firstName: nullable(textField({ max: 100 })),
  lastName: nullable(textField({ max: 100 })),
  bio: nullable(textField({ max: 500, multiline: true })),
  location: nullable(textField({ max: 120 })),
  githubUrl: nullable(
    profileUrl(/^https:\/\/github\.com\/[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/?$/, 'https://github.com/ada'),
  ),
  linkedinUrl: nullable(
    profileUrl(
      /^https:\/\/(?:www\.)?linkedin\.com\/(?:in|company)\/[A-Za-z0-9%_-]{1,100}\/?$/,
      'https://www.linkedin.com/in/ada',
    ),
  ),
  additional: additionalField.optional(),
  publicFields: z
    .array(z.enum(publicFieldNames))
    .max(publicFieldNames.length)
    .transform((names) => publicFieldNames.filter((name) => names.includes(name)))
    .optional(),
  locale: z.enum(languages).optional(),
  timeZone: timeZoneField.optional(),
}

const Profile = z.object(profileFields)
export type Profile = z.infer<typeof Profile>

/** Where each member of a profile is stored. */
const columns = {
  firstName: 'first_name',
  lastName: 'last_name',
  bio: 'bio',
  location: 'location',
  githubUrl: 'github_url',
  linkedinUrl: 'linkedin_url',
  additional: 'additional',
  publicFields: 'public_fields',
  locale: 'locale',
  timeZone: 'time_zone',
} as const satisfies Record<keyof Profile, keyof User>

type ProfileColumns = Partial<Pick<User, (typeof columns)[keyof Profile]>>

/** A profile's members as columns; what is missing stays as it is, and what is no member is left out. */
export function profileColumns(profile: Profile): ProfileColumns {
  const members = (Object.keys(columns) as (keyof Profile)[]).filter((name) => profile[name] !== undefined)
  return Object.fromEntries(members.map((name) => [columns[name], profile[name]]))
}
