import { html, renderPage } from '@rollcall/http/page'
import { pageTexts, spanText } from '../events/page-texts.ts'
import type { TicketResource } from './api.ts'

/** A ticket for people: whole in itself, so that a saved or printed copy shows the code. */
export function ticketPage(ticket: TicketResource, picture: Buffer | undefined, language: string): string {
  const text = pageTexts(language)
  const { event } = ticket
  const span = { startAt: new Date(event.startAt), endAt: new Date(event.endAt), timeZone: event.timeZone }
  const code = picture
    ? html`<p><img class="code" width="300" height="300" alt="${text('ticket.code')}" src="data:image/png;base64,${picture.toString('base64')}"></p>`
    : html``
  const content = html`<p role="status">${text(`ticket.${noteOf(ticket)}`)}</p>${code}
<dl><dt>${text('event.when')}</dt><dd><time datetime="${event.startAt}">${spanText(span, language)}</time></dd>
<dt>${text('event.where')}</dt><dd>${event.location}</dd></dl>
<p class="screen"><a href="/events/${event.id}">${text('ticket.event')}</a></p>`
  return renderPage({ language, title: event.title, content })
}

function noteOf({ status, checkedInAt }: TicketResource) {
  if (status === 'CANCELLED') return 'cancelled'
  if (status === 'WAITLISTED') return 'waiting'
  return checkedInAt ? 'used' : 'show'
}
