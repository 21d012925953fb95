# The agenda.
agenda-nav = Agenda
agenda-title = Agenda
agenda-intro = The public events of the town hall and the commune.
agenda-description = Events { $of }: public meetings, councils, feasts and markets.
agenda-feed-title = Agenda { $of }
agenda-subscribe = Subscribe (iCalendar)
agenda-subscribe-help = Copy this address into the calendar of your phone: events keep up to date there.
agenda-copied = Address copied.
agenda-views = View
agenda-view-mois = Month
agenda-view-semaine = Week
agenda-view-liste = List
agenda-today = Today
agenda-this-day = today
agenda-month-of = { $month } { $year }
agenda-week-of = Week of { $day }
agenda-print = Print
agenda-coming = Next events
agenda-all-coming = All events
agenda-archive = Past events
agenda-archive-intro = What took place { $at }.
agenda-around = Around here
agenda-around-intro = Events announced on other sites, chosen by the town hall.
agenda-private-note = Private appointments are never published.
agenda-legend = Legend
agenda-none = No event for now.
agenda-none-month = No event this month.
agenda-none-week = No event this week.
agenda-none-help = Come back soon, or look at past events.
agenda-none-archive = No past event.
agenda-none-around = No event around here for now.
agenda-more-that-day = { $n ->
    [one] and { $nombre } more
   *[other] and { $nombre } more
}
agenda-none-day = No event
agenda-older = Older
agenda-later = Later
agenda-back = Back to the beginning
agenda-range = { $n ->
    [one] { $nombre } event
   *[other] { $nombre } events
}
agenda-team = Seen by the town hall only

agenda-weekday-1 = Monday
agenda-weekday-2 = Tuesday
agenda-weekday-3 = Wednesday
agenda-weekday-4 = Thursday
agenda-weekday-5 = Friday
agenda-weekday-6 = Saturday
agenda-weekday-7 = Sunday
agenda-weekday-short-1 = Mon
agenda-weekday-short-2 = Tue
agenda-weekday-short-3 = Wed
agenda-weekday-short-4 = Thu
agenda-weekday-short-5 = Fri
agenda-weekday-short-6 = Sat
agenda-weekday-short-7 = Sun
agenda-month-1 = January
agenda-month-2 = February
agenda-month-3 = March
agenda-month-4 = April
agenda-month-5 = May
agenda-month-6 = June
agenda-month-7 = July
agenda-month-8 = August
agenda-month-9 = September
agenda-month-10 = October
agenda-month-11 = November
agenda-month-12 = December
agenda-month-short-1 = Jan
agenda-month-short-2 = Feb
agenda-month-short-3 = Mar
agenda-month-short-4 = Apr
agenda-month-short-5 = May
agenda-month-short-6 = Jun
agenda-month-short-7 = Jul
agenda-month-short-8 = Aug
agenda-month-short-9 = Sep
agenda-month-short-10 = Oct
agenda-month-short-11 = Nov
agenda-month-short-12 = Dec

agenda-when-day = { $weekday } { $day }
agenda-when-days = from { $day } to { $last }
agenda-when-start = { $weekday } { $day } at { $time }
agenda-when-times = { $weekday } { $day }, { $time } to { $end }
agenda-when-long = from { $day } at { $time } to { $last } at { $end }
agenda-all-day = all day
agenda-every = Repeats
agenda-every-daily = { $n ->
    [one] Every day
   *[other] Every { $nombre } days
}
agenda-every-weekly = { $n ->
    [one] Every week
   *[other] Every { $nombre } weeks
}
agenda-every-monthly = { $n ->
    [one] Every month
   *[other] Every { $nombre } months
}
agenda-every-yearly = { $n ->
    [one] Every year
   *[other] Every { $nombre } years
}
agenda-every-on = { $often } { $days }
agenda-on = on { $what }
agenda-on-last = { $before } and { $last }
agenda-on-which-1 = the first { $day }
agenda-on-which-2 = the second { $day }
agenda-on-which-3 = the third { $day }
agenda-on-which-4 = the fourth { $day }
agenda-on-which-5 = the fifth { $day }
agenda-on-which-last = the last { $day }
agenda-on-date = day { $nombre }
agenda-every-until = { $often }, until { $day }

agenda-category-mairie = Town hall
agenda-category-vie-locale = Local life
agenda-category-participation = Participation
agenda-category-culture = Culture
agenda-category-sport = Sport
agenda-cancelled = Cancelled
agenda-moved = Moved
agenda-over = Past
agenda-private = Private
agenda-private-help = Only the town hall sees this appointment: it is in no feed, no search, no other server.

agenda-when = When
agenda-where = Where
agenda-online = Online
agenda-join-online = Follow online
agenda-contact = Contact
agenda-website = Site
agenda-seats = Seats
agenda-seats-left = Seats left: { $left } of { $total }
agenda-seats-full = { $n ->
    [one] Full ({ $nombre } seat)
   *[other] Full ({ $nombre } seats)
}
agenda-waiting-count = { $n ->
    [one] { $nombre } person on the waiting list
   *[other] { $nombre } people on the waiting list
}
agenda-coming-count = { $n ->
    [0] Nobody has registered yet
    [one] { $nombre } person comes
   *[other] { $nombre } people come
}
agenda-take-part = I am coming
agenda-queue = Join the waiting list
agenda-you-were-in = You were registered for this event.
agenda-registration-elsewhere = People register on another site.
agenda-you-come = You are coming
agenda-you-wait = { $n ->
    [one] You are first on the waiting list
   *[other] You are number { $nombre } on the waiting list
}
agenda-do-not-come = I am not coming any more
agenda-leave-queue = Leave the waiting list
agenda-sign-in-to-come = Sign in to take part
agenda-who-knows = The town hall sees your name. Nobody else does: only the number of people is public.
agenda-join-elsewhere = Register on the organiser’s site
agenda-no-registration = No registration: just come.
agenda-add = Add to my calendar (.ics)
agenda-other-dates = Other dates
agenda-original = See on { $host }
agenda-from = Announced on { $host }
agenda-picture-there = See the picture on { $host }
agenda-reason = Reason: { $why }
agenda-map-link = See on a map
agenda-byline = By { $name }

agenda-new = New event
agenda-import = Import an .ics file
agenda-manage = Manage
agenda-edit = Edit
agenda-edit-series = Edit the whole series
agenda-move = Move this date
agenda-cancel = Cancel
agenda-restore = Take the cancellation back
agenda-delete = Delete
agenda-participants = Participants
agenda-new-title = New event
agenda-edit-title = Edit the event
agenda-as = For the town hall: { $name }
agenda-as-delegate = For the town hall, by delegation: { $name }
agenda-field-title = Title
agenda-field-start-date = First day
agenda-field-start-time = Starting time
agenda-field-end-date = Last day
agenda-field-end-time = Ending time
agenda-field-end-help = Empty: the same day, an hour later.
agenda-field-all-day = All day
agenda-field-repeat = Repeats
agenda-repeat-never = Only once
agenda-repeat-daily = Every day
agenda-repeat-weekly = Every week
agenda-repeat-monthly = Every month, on the same day of the month
agenda-repeat-monthly-weekday = Every month, on the same weekday (for instance the last Thursday)
agenda-repeat-yearly = Every year
agenda-repeat-custom = As it was imported
agenda-field-interval = Every how many?
agenda-field-interval-help = 2 with “every week”: every other week.
agenda-field-days = Days of the week
agenda-field-days-help = For what comes every week. Without a choice: the day of the beginning.
agenda-field-until = Until
agenda-field-until-help = Empty: without end.
agenda-field-repeat-title = Repetition
agenda-field-category = Category
agenda-field-text = Description
agenda-field-text-help = Plain text; an empty line begins a paragraph.
agenda-field-place-title = Place
agenda-field-place = Name of the place
agenda-field-street = Address
agenda-field-postal = Postal code
agenda-field-locality = Town or village
agenda-field-latitude = Latitude
agenda-field-longitude = Longitude
agenda-field-point-help = Two numbers, for instance 43.7278 and 7.3617. Optional: for maps.
agenda-field-online-title = Online, or a point on the map
agenda-field-online = Address to follow online
agenda-field-image = Picture
agenda-field-image-help = JPEG, PNG or WebP.
agenda-field-image-alt = Description of the picture
agenda-field-image-alt-help = For those who do not see it.
agenda-field-image-remove = Remove the picture
agenda-field-join-title = Participation
agenda-field-join = Registration
agenda-join-free = “I am coming”, here and from other servers
agenda-join-none = No registration
agenda-join-external = On another site
agenda-field-capacity = Number of seats
agenda-field-capacity-help = Empty: as many people as come. Beyond it, a waiting list.
agenda-field-join-url = Address of the registration
agenda-field-contact-title = Information
agenda-field-contact = Contact
agenda-field-contact-email = E-mail of the contact
agenda-field-contact-phone = Phone of the contact
agenda-field-website = Web page
agenda-field-comments = Comments
agenda-comments-open = Open
agenda-comments-first-held = The first comment of each person is read first
agenda-comments-all-held = All comments are read first
agenda-comments-off = Closed
agenda-field-visibility = Who sees it?
agenda-visibility-public = Everybody
agenda-visibility-public-help = On the site, in feeds, on other servers.
agenda-visibility-private = The town hall only
agenda-visibility-private-help = It never leaves: no feed, no search, no other server.
agenda-publish = Put in the agenda
agenda-save = Save
agenda-move-title = Move this date
agenda-move-help = Only this date of the series changes. Those who registered are told.
agenda-move-save = Move
agenda-cancel-title = Cancel the event
agenda-cancel-help = The event stays visible, struck through. Those who registered and other servers are told.
agenda-field-reason = Reason
agenda-field-reason-help = For instance “put off to January”. It is published.
agenda-cancel-one = Cancel this date
agenda-cancel-all = Cancel the whole series
agenda-cancel-confirm = Cancel the event
agenda-delete-title = Delete the event
agenda-delete-help = Everything goes: the page, the comments, the registrations. If the event does not take place, cancel it instead: then everybody knows.
agenda-delete-series = All dates of the series are deleted.
agenda-delete-confirm = Delete for good
agenda-keep = Keep
agenda-participants-title = Participants
agenda-participants-help = Only the town hall sees this list. Use it for this event only.
agenda-participants-none = Nobody for now.
agenda-participants-name = Name
agenda-participants-since = Since
agenda-participants-state = Registration
agenda-participants-message = Message
agenda-state-accepted = Has a seat
agenda-state-waiting = On the waiting list
agenda-flash-planned = The event is in the agenda.
agenda-flash-changed = The event is changed.
agenda-flash-moved = The date is moved.
agenda-flash-cancelled = The event is cancelled. It stays visible.
agenda-flash-restored = The event takes place after all.
agenda-flash-deleted = The event is deleted.
agenda-flash-come = Noted: you are coming.
agenda-flash-queued = There is no seat left: you are on the waiting list. You will be told if a seat is freed.
agenda-flash-left = Noted: you are not coming any more.
agenda-flash-imported = The chosen events are in the agenda.
agenda-flash-nothing-imported = Nothing was imported.
agenda-flash-source-added = The events of this account will appear here.
agenda-flash-source-removed = They do not appear any more.

agenda-import-title = Import a calendar
agenda-import-intro = Choose an .ics file. Nothing is saved before you have seen and confirmed what is in it.
agenda-import-file = File
agenda-import-file-help = An iCalendar file (.ics), at most 512 kB, at most 500 events.
agenda-import-look = See what is in it
agenda-import-preview = This is in the file
agenda-import-choose = Tick what you want to take. Nothing is saved yet.
agenda-import-confirm = Import the ticked events
agenda-import-as-private = Mark them all as private (seen by the town hall only)
agenda-import-take = Take “{ $title }”
agenda-import-untitled = Untitled
agenda-import-known = In the agenda already
agenda-import-private = Marked private in the file: will be seen by the town hall only
agenda-import-cancelled = Cancelled in the file: will stay so
agenda-import-changes = { $n ->
    [one] { $nombre } date changes
   *[other] { $nombre } dates change
}
agenda-import-more-dates = Dates added one by one are not taken
agenda-import-change-words = A date has another title or place in the file: it takes those of the series
agenda-import-zone-turned = The times are of a zone defined by the file: they are converted
agenda-import-people = Invited people are not taken
agenda-import-text-cut = The description is too long: it is cut
agenda-import-other = Choose another file
agenda-file-too-large = This file is too large: at most 512 kB.
agenda-file-no-calendar = This file is no calendar (.ics).
agenda-file-empty = There is no event in this file.
agenda-file-too-many = There are too many events in this file: at most 500, of which 100 that repeat.
agenda-file-none = Choose a file.

agenda-sources-title = Accounts whose events appear here
agenda-sources-help = An association on Mobilizon, a venue on Gancio, a neighbouring commune: its address is enough, for instance agenda@mobilizon.example.org.
agenda-source-handle = Address of the account
agenda-source-add = Add
agenda-source-remove = Remove { $who }
agenda-source-none = None for now.
agenda-source-unknown = Nobody answers to this address on another server.
agenda-source-too-many = There are enough already: remove one.

agenda-refused-no-title = Give a title.
agenda-refused-title-too-long = The title is too long: at most { $max } characters.
agenda-refused-text-too-long = The description is too long: at most { $max } characters.
agenda-refused-line-too-long = A line of the place or contact is too long: at most { $max } characters.
agenda-refused-start = Give the first day, and the time unless it is all day.
agenda-refused-end = The last day or the ending time cannot be read.
agenda-refused-ends-before = The end is before the beginning.
agenda-refused-lasts-too-long = An event lasts at most { $max } days.
agenda-refused-too-far = This date is too far away.
agenda-refused-rule = This repetition is not possible.
agenda-refused-until-before = The repetition ends before it begins.
agenda-refused-seats = The number of seats goes from 1 to { $max }.
agenda-refused-online = This is no web address (https://…).
agenda-refused-website = This is no web address (https://…).
agenda-refused-join-url = Give the web address where people register (https://…).
agenda-refused-email = This is no e-mail address.
agenda-refused-point = Give both coordinates, in degrees.
agenda-refused-no-alt = Describe the picture for those who do not see it.
agenda-refused-image = This picture cannot be used.
agenda-refused-reason-too-long = The reason is too long: at most { $max } characters.
agenda-refused-not-yours = This account does not keep the agenda of this commune.
agenda-refused-missing = There is no such event, or no more.
agenda-refused-changed = Somebody changed this event in the meantime. Reload the page.
agenda-refused-cancelled = This event is cancelled.
agenda-refused-over = This event is over.
agenda-refused-not-open = Nobody registers for this event here.
agenda-refused-zone = The time zone of this event is unknown: its time would be wrong.
agenda-refused-moderated = Moderators have hidden this event: it cannot change while that decision stands.
agenda-refused-same-uid = Another event of the file has the same identifier: only one of them can be taken.
agenda-refused-day-taken = Another date of the series is on this day.
agenda-api-own-door = An event is changed in the agenda, not as a status.
agenda-api-dates = Give dates such as 2026-11-28.

agenda-wire-cancelled = CANCELLED.
agenda-wire-when = When: { $when }
agenda-wire-where = Where: { $where }
agenda-wire-waiting = { $n ->
    [one] Full: you are first on the waiting list. You will be told if a seat is freed.
   *[other] Full: you are number { $nombre } on the waiting list. You will be told if a seat is freed.
}

agenda-asked = Asked, no answer yet
agenda-refused-there = The organiser refused your registration
agenda-restricted = The organiser chooses who comes and answers each request.
agenda-elsewhere-dark = This event is on another server: to register would tell it your name, and you have not allowed that. You can allow it in your account.
agenda-elsewhere-who-knows = Your request leaves with your name ({ $name }) for { $host }: that server and the organiser ({ $inviter }) see it, and decide who else does.
agenda-flash-asked = Your request is on its way to the organiser.
agenda-refused-would-leave = This event is on another server: to register would tell it your name. Allow it in “My account” first.
agenda-elsewhere-link = Open an event of another server
