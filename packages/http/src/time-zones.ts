import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Names that a place has had before, by the one that it has now (tz database, `backward`: "alternate names for the same
 * location"). Other links are places of their own that happen to share clocks: Copenhagen stays Copenhagen.
 */
const RENAMED: Record<string, string> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Argentina/ComodRivadavia': 'America/Argentina/Catamarca',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Fort_Wayne': 'America/Indiana/Indianapolis',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Knox_IN': 'America/Indiana/Knox',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'America/Porto_Acre': 'America/Rio_Branco',
  'America/Rosario': 'America/Argentina/Cordoba',
  'America/Virgin': 'America/St_Thomas',
  'Asia/Ashkhabad': 'Asia/Ashgabat',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Chungking': 'Asia/Chongqing',
  'Asia/Dacca': 'Asia/Dhaka',
  'Asia/Istanbul': 'Europe/Istanbul',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Macao': 'Asia/Macau',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Asia/Thimbu': 'Asia/Thimphu',
  'Asia/Ujung_Pandang': 'Asia/Makassar',
  'Asia/Ulan_Bator': 'Asia/Ulaanbaatar',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Europe/Nicosia': 'Asia/Nicosia',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Samoa': 'Pacific/Pago_Pago',
  'Pacific/Truk': 'Pacific/Chuuk',
}

/** A placeholder of the database, which no clock follows. */
const NO_PLACE = 'Factory'

/**
 * By lower case. From a package, so that every version of Node knows the same ones and spells them alike. Read, not imported:
 * a module would stay in memory with all its clocks, 25 MB of them.
 */
const names = new Map(
  readZones()
    .filter((name) => name !== NO_PLACE)
    .map((name) => [name.toLowerCase(), RENAMED[name] ?? name]),
)

function readZones(): string[] {
  const { zones } = JSON.parse(readFileSync(fileURLToPath(import.meta.resolve('tzdata')), 'utf8'))
  return Object.keys(zones)
}

/** An IANA time zone in the one spelling that is stored, whatever the case and whichever name; undefined for what is none. */
export function canonicalTimeZone(name: string): string | undefined {
  return names.get(name.toLowerCase())
}
