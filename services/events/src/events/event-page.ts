import { html, renderPage } from '@rollcall/http/page'
import type { EventResource } from './event-resource.ts'
import { pageTexts, spanText } from './page-texts.ts'

/** An event for people: what mails link to. */
export function eventPage(event: EventResource, language: string): string {
  const text = pageTexts(language)
  const { timeZone, location, onlineUrl, organizer, description } = event
  const when = spanText({ startAt: new Date(event.startAt), endAt: new Date(event.endAt), timeZone }, language)
  const number = new Intl.NumberFormat(language)
  const seats = `${number.format(event.seatsLeft)} / ${number.format(event.capacity)}`
  const isOn = event.status === 'PUBLISHED'
  const content = html`${noticeOf(event, text)}
<dl><dt>${text('event.when')}</dt><dd><time datetime="${event.startAt}">${when}</time></dd>
<dt>${text('event.where')}</dt><dd>${location}</dd>
${onlineUrl ? html`<dt>${text('event.online')}</dt><dd><a href="${onlineUrl}" rel="noopener">${onlineUrl}</a></dd>` : html``}
${isOn ? html`<dt>${text('event.seats')}</dt><dd>${seats}</dd>` : html``}
${organizer.nickname ? html`<dt>${text('event.organizer')}</dt><dd>${organizer.nickname}</dd>` : html``}</dl>
${description === '' ? html`` : html`<p class="text">${description}</p>`}
${isOn ? html`<p class="screen"><a href="/events/${event.id}/calendar.ics">${text('event.calendar')}</a></p>` : html``}`
  return renderPage({ language, title: event.title, content })
}

function noticeOf({ status, cancellationReason, seatsLeft }: EventResource, text: (key: string) => string) {
  if (status === 'CANCELLED') {
    const reason = cancellationReason ? html`<p class="text">${cancellationReason}</p>` : html``
    return html`<p class="error" role="status">${text('event.cancelled')}</p>${reason}`
  }
  if (status !== 'PUBLISHED') return html`<p role="status">${text('event.unpublished')}</p>`
  return seatsLeft === 0 ? html`<p role="status">${text('event.full')}</p>` : html``
}

/** Of the page in a language: another representation than the JSON of the same state (RFC 9110, 8.8.3.3). */
export function pageEtag(etag: string, language: string): string {
  return etag.replace(/"$/, `-${language}"`)
}
