# Notices on the site and by mail.
notifications-title = Notifications
notifications-none = No notifications so far.
notifications-none-help = Answers to your comments and the town hall’s news arrive here.
notifications-unread = unread
notifications-read-all = Mark all as read
notifications-flash-read = All is marked as read.
notifications-flash-preferences = Your preferences are saved.

# Who did it.
notifications-somebody = Somebody
notifications-two = { $one } and { $two }
notifications-three = { $one }, { $two } and somebody else
notifications-many = { $one }, { $two } and { $more } others

# What happened.
notifications-told-new-post = New post: { $who }
notifications-told-poll-opened = New poll: { $who }
notifications-told-poll-closed = Poll closed: { $who }
notifications-told-comment = Comment under your post: { $who }
notifications-told-reply = Answer to your comment: { $who }
notifications-told-mention = You are named in a comment: { $who }
notifications-told-like = Your text is liked: { $who }
notifications-told-share = Your text is shared: { $who }
notifications-told-follow = New follower: { $who }
notifications-told-event = New event: { $who }
notifications-told-event-changed = An event you are coming to has changed
notifications-told-event-cancelled = An event you were coming to is cancelled
notifications-told-event-tomorrow = Tomorrow: an event you are coming to
notifications-told-event-seat = A seat is free: it is yours
notifications-told-event-answer = The organiser answered that you want to come
notifications-told-decision = The moderators took a decision that concerns you
notifications-told-moderation = Something waits for the moderators
notifications-told-group-topic = New topic in a group: { $who }
notifications-told-group-comment = New message in a group: { $who }
notifications-told-group-request = Asks to join a group: { $who }
notifications-told-group-place = Your place in a group has changed
notifications-told-message = You have a private message
notifications-told-request-due = A formal request waits, its delay ends soon

# Preferences.
notifications-preferences-title = Notification preferences
notifications-preferences-intro = Everything arrives on this page. Choose what you also receive by e-mail.
notifications-preferences-save = Save the preferences
notifications-pace-now = At once
notifications-pace-daily = Once a day
notifications-pace-weekly = Once a week
notifications-pace-never = Never by e-mail
notifications-kind-new-post = Posts of the town hall
notifications-kind-new-post-help = Of the commune you follow.
notifications-kind-poll-opened = Polls and public opinions
notifications-kind-poll-opened-help = When the town hall asks something.
notifications-kind-poll-closed = Results of polls
notifications-kind-poll-closed-help = When a poll is counted.
notifications-kind-reply = Answers
notifications-kind-reply-help = To your comments.
notifications-kind-mention = Mentions
notifications-kind-mention-help = Somebody writes your name in a comment.
notifications-kind-comment = Comments
notifications-kind-comment-help = Under what you publish.
notifications-kind-like = Likes
notifications-kind-like-help = Of what you write.
notifications-kind-share = Shares
notifications-kind-share-help = Of what you write.
notifications-kind-follow = Followers
notifications-kind-follow-help = Somebody follows you.
notifications-kind-event = Events of the agenda
notifications-kind-event-help = When the town hall you follow announces one.
notifications-kind-event-changed = Changed events
notifications-kind-event-changed-help = Time or place of an event you are coming to.
notifications-kind-event-cancelled = Cancelled events
notifications-kind-event-cancelled-help = Those you were coming to.
notifications-kind-event-tomorrow = Reminders
notifications-kind-event-tomorrow-help = The day before an event you are coming to.
notifications-kind-event-seat = Freed seats
notifications-kind-event-seat-help = You were on the waiting list and now have a seat.
notifications-kind-event-answer = Answers to registrations
notifications-kind-event-answer-help = When the organiser of an event of another server accepts you or not.
notifications-kind-decision = Moderation decisions
notifications-kind-decision-help = About what you write or flag.
notifications-kind-moderation = To moderate
notifications-kind-moderation-help = A flag or a comment is waiting.
notifications-kind-group-topic = Topics of groups
notifications-kind-group-topic-help = Opened in the groups you are a member of.
notifications-kind-group-comment = Messages of groups
notifications-kind-group-comment-help = In the groups of which you want to hear everything.
notifications-kind-group-request = Requests to join
notifications-kind-group-request-help = In the groups you moderate.
notifications-kind-group-place = My place in groups
notifications-kind-group-place-help = Invitation, answer to a request, moderation entrusted.
notifications-kind-message = Private messages
notifications-kind-message-help = Somebody writes to you; the mail says nothing of the message.
notifications-kind-request-due = Delays of formal requests
notifications-kind-request-due-help = A formal request to your services waits.

# Mails.
notifications-mail-daily = Your daily digest
notifications-mail-weekly = Your weekly digest
notifications-mail-several = { $n ->
    [one] { $nombre } notification
   *[other] { $nombre } notifications
}
notifications-mail-more = { $n ->
    [one] And { $nombre } more on the site.
   *[other] And { $nombre } more on the site.
}
notifications-mail-all = See my notifications
notifications-mail-preferences = You choose what you receive in your notification preferences.
notifications-mails-now = the mails sent at once
notifications-mails-daily = the daily digest
notifications-mails-weekly = the weekly digest
notifications-leave-title = Stop these mails
notifications-leave = You will no longer receive { $which }. Everything stays on the site.
notifications-leave-confirm = Stop these mails
notifications-left = Done: you no longer receive { $which }.
notifications-left-help = You can change this in your preferences.
