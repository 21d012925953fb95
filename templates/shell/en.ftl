# Words of the layout and of the pages of the whole server.
shell-skip = Skip to content
shell-demonstration = Demonstration: people and facts are made up
shell-direct-line = Your direct line to the town hall
shell-search = Search
shell-notifications = Notifications
shell-account = My account
shell-sign-in = Sign in
shell-sections = Sections
shell-more = More
shell-unread = { $nombre } unread
shell-verified = Verified account
shell-legal-notice = Legal notice
shell-privacy = Privacy
shell-accessibility-none = Accessibility: not compliant
shell-accessibility-partial = Accessibility: partially compliant
shell-accessibility-full = Accessibility: fully compliant
shell-feed = Atom feed
shell-display = Display
shell-other-language-code = fr
shell-pagination = Pages
shell-range = { $first } to { $last } of { $total }
shell-older = Older
shell-newer = Newer
shell-next = Next
shell-previous = Previous
shell-errors = { $n ->
    [one] One thing to correct.
   *[other] { $nombre } things to correct.
}
shell-optional = (optional)
shell-show-password = Show the password
shell-characters-max = { $nombre } characters at most
shell-characters-of = %n characters of %max
shell-link-copied = Link copied.
shell-unsaved = Your text is not saved.
shell-error = Error
shell-back-home = Back to the home page
shell-previous-page = Previous page
shell-error-search = Or look for what you wanted to read
shell-find = Search
shell-error-tell = If this happens again, tell those who run this site and give them this reference:
