# Words of signing up, signing in and "Mon compte".
account-title = My account
account-who = You
account-save = Save
account-flash-saved = Saved.

# Signing in
account-sign-in = Sign in
account-sign-in-lead = The direct line to your town hall.
account-sign-in-name = E-mail address or handle
account-password = Password
account-keep = Stay signed in on this device
account-forgotten = Forgotten password
account-none-yet = No account yet?
account-none-yet-text = Free, without advertising. Your address is never shown.
account-sign-up-me = Sign up
account-sign-out = Sign out
account-flash-signed-out = You are signed out.
account-flash-signed-out-everywhere = You are signed out of all your devices and apps.

# Signing up
account-sign-up = Sign up
account-already = You already have an account?
account-step = Step { $now } of 3
account-step-commune = Step 1, your commune
account-commune-title = Which is your commune?
account-commune-lead = You will read the news of its town hall there, and you can answer.
account-commune-label = Name or postal code
account-commune-help = For example: 06360
account-commune-find = Search
account-commune-answers = Communes found
account-commune-none = No commune answers to “{ $question }”. Try the postal code.
account-commune-found = { $n ->
    [one] One commune: choose it to go on.
   *[other] { $nombre } communes: choose yours.
}
account-commune-more = These are the first { $nombre } communes. Give more of the name, or the postal code.
account-commune-here = Town hall present
account-commune-waits = The town hall is not here yet. You will read its news as soon as it comes.
account-commune-change = Change commune
account-sign-up-in = Your commune: { $commune }.
account-name = Name shown
account-name-help = What others will see beside your comments.
account-email-label = E-mail address
account-email-help = For signing in and writing to you. It is never shown.
account-password-help = At least { $min } characters. A short sentence is easy to remember.
account-age = I am 15 or older
account-age-help = Below 15, the law asks for a parent’s consent.
account-terms = I accept the rules of this site and have read how my data are protected
account-terms-read = To read:
account-sign-up-next = Send me my code
account-flash-welcome = Welcome. Your account is made.

# Codes
account-code-title = Type the code you received
account-code-sent-to = We have sent six digits to
account-code-correct = Correct
account-code-label = Six-digit code
account-code-good = Good for { $minutes } minutes, until { $time }.
account-code-spent = This code is no longer good. Ask for another one.
account-code-confirm = Confirm my address
account-code-nothing = Nothing came?
account-code-nothing-sign-up = Look among the unwanted mails, or ask for another code. As long as the code is not typed, no account is made.
account-code-nothing-recovery = Look among the unwanted mails. No message leaves if this address has no account here.
account-code-nothing-email = Look among the unwanted mails, or ask for another code. As long as the code is not typed, your address stays the same.
account-code-again = Send another code
account-flash-code-sent = Another code is on its way. The one before is no longer good.
account-flash-begin-again = This code is no longer good. Begin again, it takes a minute.

# Recovery
account-recovery-lead = We send you a code to choose another one.
account-recovery-send = Send me a code
account-recovery-title = Choose a new password
account-recovery-sent = If an account exists with this address, we have sent six digits to it:
account-recovery-confirm = Save the password
account-password-new = New password
account-flash-password = Your password is changed. Your other devices are signed out.

# Overview
account-team-title = Team of the town hall
account-team-meta = Who acts for the town hall, and for what
account-sections-title = Sections of the commune
account-sections-meta = Agenda, polls, groups, messages: what the commune has
account-profile-title = My profile
account-profile-meta = Name, photo, presentation, commune
account-preferences-title = Display and language
account-preferences-meta = Colours, easy-to-read font, language
account-security-title = Password
account-security-meta = Change it
account-email-title = E-mail address
account-email-meta = Change it
account-sessions-title = Signed-in devices
account-sessions-meta = See them, sign them out
account-data-title = My data
account-data-meta = Who can see me, a copy of my data, deleting the account
account-role-of = { $role } ({ $of })
account-role-operator = Runs this server
account-role-mayor = Mayor
account-role-delegate = By delegation
account-role-delegate-help = Acts for the town hall in what you tick.
account-role-moderator = Moderation
account-role-moderator-help = Looks after reports and comments, without speaking for the town hall.
account-role-opposition = Council, outside the majority
account-resident-verified = Resident, verified by the town hall
account-resident-declared = Resident, by own statement

# Profile
account-profile-lead = What others see of you.
account-handle = Handle
account-handle-help = Letters, digits and underscores. You can also sign in with it.
account-bio = Presentation
account-bio-help = A few words, if you like.
account-photo = Photo
account-photo-now = Your present picture
account-photo-choose = Choose a photo
account-photo-help = JPEG, PNG, WebP or GIF, at most { $mb } MB. Place and date of the shot are removed.
account-photo-send = Send the photo
account-photo-remove = Remove the photo
account-commune = Commune
account-commune-now = Your commune is { $commune }.
account-commune-move = Have you moved?
account-commune-move-help = Name or postal code of your new commune.
account-commune-choose = Choose

# Preferences
account-preferences-lead = Your choices follow you from device to device.
account-preference-lang = Language
account-preference-lang-help = Of pages and mails.
account-preference-lang-fr = Français
account-preference-lang-en = English
account-preference-theme = Colours
account-preference-theme-auto = As on my device
account-preference-theme-light = Light
account-preference-theme-dark = Dark
account-preference-font = Font
account-preference-font-standard = Ordinary
account-preference-font-lisible = Easy to read

# Password and address
account-security-lead = Changing the password signs out your other devices.
account-password-old = Present password
account-password-mine = Your password
account-password-change = Change the password
account-email-lead = We send a code to the new address, and tell the old one.
account-email-now = Present address
account-email-new = New address
account-email-new-help = It is never shown.
account-email-send = Send me a code
account-flash-email = Your address is changed.

# Sessions
account-sessions-lead = The devices on which your account is open.
account-sessions-unknown = Unknown device
account-sessions-here = This device
account-sessions-used = Used
account-sessions-opened = opened
account-sessions-end = Sign out
account-sessions-end-others = Sign out the other devices
account-sessions-end-all = Sign out everywhere
account-sessions-help = Signing out everywhere closes apps too. If you do not recognise a device, change your password as well.
account-flash-session-ended = The device is signed out.
account-flash-others-ended = The other devices and the apps are signed out.

# Data
account-data-lead = What this server knows of you, and what you make of it.
account-visibility-title = Who can see me
account-visibility-off = Your account is visible on this site only. Your comments do not leave it.
account-visibility-on = Your profile and your public comments may go to other servers.
account-visibility-choice = My comments may go to other servers
account-visibility-help = People who follow the town hall from another server will read them, with your name and handle. A copy that has left cannot be deleted for certain.
account-data-held = What we know
account-residence = Residence
account-since = Signed up
account-data-export = Download my data
account-data-export-help = A JSON file with everything this server keeps about you.
account-record-title = Record of your account
account-record-you = by you
account-record-others = by this server or somebody entitled
account-leave-title = Leaving
account-leave-text = You can delete your account at any time.
account-deed-account-made = Account made by the operator
account-deed-signed-up = Account made
account-deed-password-changed = Password changed
account-deed-password-recovered = Password forgotten, then replaced
account-deed-password-set = Password replaced by the operator
account-deed-email-changed = E-mail address changed
account-deed-signed-out-everywhere = All devices signed out
account-deed-federated = Comments opened to other servers
account-deed-made-dark = Comments kept to this server
account-deed-commune-changed = Commune changed
account-deed-resident-verified = Residence verified
account-deed-role-given = Role given
account-deed-role-taken = Role taken back
account-deed-account-ended = Account deleted

# Deletion
account-deletion-title = Delete my account
account-deletion-warning = This is final.
account-deletion-at-once = The deletion happens at once and cannot be undone.
account-deletion-office = You are a mayor on this site. The page of the town hall, its posts and its followers stay; only your access goes.
account-deletion-goes-title = What is deleted
account-deletion-goes = Your address, your password, your name, your photo, your presentation, your preferences, your signed-in devices, your roles, your comments and your likes.
account-deletion-stays-title = What stays, and why
account-deletion-stays-handle = The handle “{ $handle }” stays taken, so that nobody can pass for you.
account-deletion-stays-record = The record of sensitive deeds keeps numbers and dates, without your name, so that the town hall can be held to account.
account-deletion-stays-elsewhere = If your comments had gone to other servers, we ask them to delete them; we cannot promise that they do.
account-deletion-export = Download my data first
account-deletion-password = So that we are sure it is you.
account-deletion-confirm = Delete my account
account-deletion-keep = Keep my account
account-flash-ended = Your account is deleted.

# Team
account-team-of = Team of the town hall: { $commune }
account-team-lead = Everybody acts with an account of their own. What they publish for the town hall is marked “By delegation”.
account-team-others = Your other communes
account-team-members = Members of the team
account-team-remove = Remove
account-team-change = Change the rights
account-team-leave = Leave
account-team-waiting = Invitations that wait
account-team-till = until { $date }
account-team-cancel = Cancel
account-team-invite = Invite somebody
account-team-email-help = They receive a link that is good for two weeks.
account-team-role = Role
account-team-rights = Rights
account-team-rights-help = For a delegate: what they may do for the town hall.
account-team-send = Send the invitation
account-right-news = News
account-right-polls = Polls
account-right-agenda = Agenda
account-right-groups = Discussion groups
account-right-messages = Messages
account-right-postings = Legal notices
account-right-alerts = Alerts
account-right-commune-page = The commune’s page
account-right-moderation = Moderation
account-right-delegates = Choosing delegates
account-flash-role-taken = The role is taken back.
account-flash-invited = The invitation is on its way.
account-flash-offer-cancelled = The invitation is cancelled.
account-flash-accepted = You are part of the team.
account-invitation-title = Invitation
account-invitation-of = The town hall { $of } invites you
account-invitation-role = Role offered: { $role }.
account-invitation-rights = You could act for the town hall in:
account-invitation-as = You are signed in as { $name }.
account-invitation-accept = Accept the invitation
account-invitation-sign-in = Sign in or sign up to accept it.
account-verified-by-operator = the operator of this server

# Refusals
account-refused-no-name = Give the name that others will see.
account-refused-long-name = This name is longer than { $max } characters.
account-refused-official-name = This name is kept for the town hall. Give yours.
account-refused-long-bio = Your presentation is longer than { $max } characters.
account-refused-no-email = This address is not complete. Example: first.last@example.org
account-refused-same-email = This is your address already.
account-refused-email-taken = This address already has an account. Sign in, or choose “Forgotten password”.
account-refused-no-handle = A handle has 3 to { $max } letters without accents, digits or underscores.
account-refused-handle-reserved = This handle is reserved. Choose another one.
account-refused-handle-taken = This handle is taken. Choose another one.
account-refused-handle-fixed = Other servers know you by this handle: it does not change any more.
account-refused-short-password = Choose a password of at least { $min } characters.
account-refused-long-password = This password is longer than { $max } characters.
account-refused-easy-password = This password is too easy to guess. Add a word or two.
account-refused-wrong-password = This password is wrong.
account-refused-no-commune = Choose a commune from the list.
account-refused-too-young = Below 15, signing up needs a parent’s consent: a parent can sign up and follow the town hall with you. You can read all the news without an account.
account-refused-terms = Accept the rules to go on, or read the news without an account.
account-refused-registrations = Signing up is closed for the moment. You can read the news without an account.
account-refused-no-code = The code has six digits. Copy it as it stands in the message.
account-refused-wrong-code = This code is wrong. You have { $left } tries left.
account-refused-wrong-code-one = This code is wrong. You have 1 try left.
account-refused-spent-code = This code is no longer good. Ask for another one.
account-refused-too-many-codes = Several messages have gone to this address already. Wait an hour, then begin again.
account-refused-wrong-sign-in = Wrong address or password. You have { $left } tries left.
account-refused-wrong-sign-in-one = Wrong address or password. You have 1 try left.
account-refused-closed = Too many tries. Wait { $minutes } minutes, or choose a new password.
account-refused-closed-one = Too many tries. Wait 1 minute, or choose a new password.
account-refused-braked = Too many requests come from your connection. Wait { $minutes } minutes, then begin again.
account-refused-braked-one = Too many requests come from your connection. Wait 1 minute, then begin again.
account-refused-suspended = This account is suspended. Write to whoever runs this server.
account-refused-not-hers = You can give or take only the rights that you have.
account-refused-no-rights = Tick at least one right.
account-refused-mayor-there = { $commune } already has a mayor here.
account-refused-not-claimed = The town hall of { $commune } is not here yet.
account-refused-spent-invitation = This invitation is no longer good. Ask the town hall for another one.
account-refused-no-photo = Choose a photo first.

# Mails
account-mail-sign-up-subject = Your code for signing up: { $code }
account-mail-sign-up-text = Hello. This is the code to finish signing up. Type it in the page you left open.
account-mail-password-subject = Your code for a new password: { $code }
account-mail-password-text = Hello. This is the code to choose a new password. Type it in the page you left open.
account-mail-email-subject = Your code for a new address: { $code }
account-mail-email-text = Hello. This is the code to confirm your new address. Type it in the page you left open.
account-mail-code-life = It is good for 10 minutes. Give it to nobody: neither the town hall nor this site will ask you for it.
account-mail-not-you = If you asked for nothing, do nothing: nothing will change.
account-mail-already-subject = You already have an account
account-mail-already-text = Hello. Somebody, probably you, has just given this address to sign up or to change an address. It already has an account here: signing in is enough.
account-mail-already-forgotten = If you have forgotten your password, choose another one.
account-mail-changed-subject = Your password has changed
account-mail-changed-text = Hello. The password of your account has just changed, and your other devices are signed out.
account-mail-changed-not-you = If it was not you, choose another password at once.
account-mail-moved-subject = Your address has changed
account-mail-moved-text = Hello. Your account now has another e-mail address. We will not write to this one any more.
account-mail-moved-not-you = If it was not you, tell whoever runs the site quickly.
account-mail-moved-write = If it was not you, write quickly to { $email }.
account-mail-unused-subject = Your account will be deleted
account-mail-unused-text = Hello. You have not come for almost two years. Without a visit within 30 days, your account and your data will be deleted, as the law asks.
account-mail-unused-keep = Keep my account
account-mail-ended-subject = Your account is deleted
account-mail-ended-text = Hello. Your account and your personal data have just been deleted. We will not write to you any more.
account-mail-invited-subject = The town hall { $of } invites you
account-mail-invited-text = Hello. The town hall { $of } offers you to act for it on this site ({ $role }). You keep your own account, or make one.
account-mail-invited-accept = See the invitation
account-mail-invited-note = This link is good for two weeks. Do not pass it on. If you do not know this town hall, do nothing.
